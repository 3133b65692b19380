import assert from 'node:assert/strict'
import { DatabaseUnavailable, type Database } from '../../server/infra/database.ts'
import type { Logger } from '../../server/infra/logger.ts'
import { tellOutages } from '../../server/infra/tell-outages.ts'

const ONE = { name: 'test/one', text: 'SELECT 1' }

describe('The log of outages', () => {
  let lines: string[]
  let failure: Error | null
  let database: Database
  let clock: number

  beforeEach(() => {
    lines = []
    failure = null
    clock = 5_000
    const answer = () => (failure ? Promise.reject(failure) : Promise.resolve([]))
    const write = (level: string) => (fields: Record<string, unknown>, words: string) => {
      lines.push(`${level}: ${words} ${Object.keys(fields).join(' ')}`)
    }
    const log = { warn: write('warn'), info: write('info') } as unknown as Logger
    const plain = { run: answer, ping: answer, transaction: answer } as unknown as Database
    database = tellOutages(plain, log, () => clock)
  })
  const ask = () => database.run(ONE, []).catch(() => undefined)

  it('has one line for the begin and one for the end, however many are refused', async () => {
    failure = new DatabaseUnavailable('gone')
    for (let times = 0; times < 20; times++) await ask()
    failure = null
    await ask()
    assert.equal(lines.length, 1, 'a first success may be chance')
    clock += 1_000
    await ask()
    await ask()
    assert.deepEqual(lines, [
      'warn: The database does not answer reason',
      'info: The database answers again away_ms refused',
    ])
  })

  it('has nothing about statements that are wrong', async () => {
    failure = new Error('syntax error')
    await assert.rejects(database.run(ONE, []), failure)
    assert.deepEqual(lines, [])
  })

  it('passes everything on', async () => {
    failure = new DatabaseUnavailable('gone')
    await assert.rejects(database.ping(), failure)
    await assert.rejects(
      database.transaction(() => Promise.resolve()),
      failure,
    )
    failure = null
    assert.deepEqual(await database.run(ONE, []), [])
  })
})
