import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import type { Database } from '../../server/infra/database.ts'
import { examineServer } from '../../server/doctor/postgres-server.ts'

/** What a healthy Postgres tells. */
const HEALTHY = {
  version: '16.4',
  version_number: 160_004,
  replica: false,
  user: 'parlor',
  schema: 'public',
  may_create: true,
  connections: 97,
}

describe('The doctor, told by a Postgres', () => {
  async function findings(facts: object, workers = 1): Promise<string[]> {
    const told = { ...HEALTHY, now: new Date(), ...facts }
    const database = { run: () => Promise.resolve([told]) } as unknown as Database
    const lines: string[] = []
    for await (const { state, part, text } of examineServer(database, { pool: 10, workers }))
      lines.push(`${state} ${part} ${text}`)
    return lines
  }

  it('that it is well, finds nothing', async () => {
    assert.deepEqual(
      (await findings({})).map((line) => line.split(' ', 1)[0]),
      ['ok', 'ok'],
    )
  })

  it('that it is older than 14, or a replica, names a problem', async () => {
    assert.match(
      (await findings({ version: '13.9', version_number: 130_009 })).join(),
      /^problem Database .*13\.9 is too old/,
    )
    assert.match((await findings({ replica: true })).join(), /problem Database It is a replica/)
  })

  it('that it has fewer connections than all workers together want, says so', async () => {
    assert.match(
      (await findings({ connections: 39 }, 4)).join(),
      /warning Database DATABASE_POOL is 10 for each of 4 workers, but the server has 39 connections\. Lower it/,
    )
    assert.doesNotMatch((await findings({ connections: 40 }, 4)).join(), /warning/)
  })

  it('a time that is not ours, says by how much and which is behind', async () => {
    const clock = async (ms: number) => (await findings({ now: new Date(Date.now() + ms) })).at(-1)
    assert.match((await clock(1_000)) ?? '', /^ok Clock/)
    assert.match((await clock(90_000)) ?? '', /^warning Clock is 90 s behind the database’s\./)
    assert.match((await clock(-90_000)) ?? '', /^warning Clock is 90 s ahead of the database’s\./)
  })
})
