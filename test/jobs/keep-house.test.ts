import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import type { Database } from '../../server/infra/database.ts'
import { keepHouse } from '../../server/jobs/keep-house.ts'
import { closeIdle, countIdle } from '../../server/jobs/retention/close-idle.ts'
import { listRuns } from '../../server/jobs/retention/list-runs.ts'
import { openTestDatabase, silentLog, type TestDatabase } from '../support/databases.ts'
import { eventually } from '../support/eventually.ts'
import { makeClient, makeSession, type TestClient } from '../support/factories.ts'
import { Recorder } from '../support/recorder.ts'

describe('The house', () => {
  let place: TestDatabase
  let client: TestClient
  before(async function () {
    this.timeout(60_000)
    place = await openTestDatabase()
    client = await makeClient(place.database)
  })
  after(() => place.close())

  const run = <Row extends object>(name: string, text: string, values: unknown[]) =>
    place.database.run<Row>({ name: `test/house-${name}`, text }, values)

  /** A conversation in which something happened last so many hours ago, as SQL has its other columns. */
  async function talk(hours: number, columns = 'state', values = `'ai'`): Promise<string> {
    const { id } = await makeSession(place.database, client)
    const [row] = await run<{ id: string }>(
      `talk-${columns}-${values}`,
      `INSERT INTO conversations (id, client_id, session_id, started_at, last_at, ${columns})
       SELECT gen_random_uuid(), $1, $2, now() - interval '9 days', now() - $3::int * interval '1 hour', ${values} RETURNING id`,
      [client.id, id, hours],
    )
    return row!.id
  }

  const stateOf = async (id: string) =>
    (
      await run<{ state: string; epoch: number }>(
        'state',
        'SELECT state, epoch FROM conversations WHERE id = $1',
        [id],
      )
    )[0]!

  /** A database that other processes can open, whichever this is. */
  const shared = (): Database => ({ ...place.database, exclusive: false })

  it('closes what nothing has happened in for a day, tells who listens, and writes it down', async () => {
    const { database } = place
    const idle = await talk(25)
    const withPerson = await talk(25, 'state, handoff', `'agent', 'with_agent'`)
    const others = [
      await talk(23),
      await talk(25, 'handoff', `'requested'`),
      await talk(25, 'turn_open, visitor_seq, last_seq', 'true, 1, 1'),
      await talk(25, 'state, ended_at', `'ended', now()`),
    ]
    const before = await Promise.all(others.map(stateOf))
    assert.equal(await countIdle(database), 2)
    const heard = new Recorder()
    assert.equal(await closeIdle(database, heard), 2)
    assert.deepEqual([(await stateOf(idle)).state, (await stateOf(withPerson)).state], ['ended', 'ended'])
    assert.deepEqual(await Promise.all(others.map(stateOf)), before)
    const told = heard.told.all.map(({ to, event, args }) => [to.conversation_id, event, args])
    const ended = (id: string) => [id, 'conversation:ended', [{ reason: 'idle' }]]
    assert.deepEqual(told.sort(), [ended(idle), ended(withPerson)].sort())
    const audit = `SELECT details ->> 'because' AS because FROM audit_log WHERE conversation_id = ANY($1::uuid[])`
    assert.deepEqual(await run('audit', audit, [[idle, withPerson]]), [
      { because: 'idle' },
      { because: 'idle' },
    ])
    assert.equal(await closeIdle(database, heard), 0)
  })

  it('is kept while a server runs, and no longer', async () => {
    const house = keepHouse({ ...parts(shared()), every: 10 })
    const first = await talk(25)
    await eventually(async () => {
      assert.equal((await stateOf(first)).state, 'ended')
    })
    await house.stop()
    const second = await talk(25)
    await keepHouse({ ...parts(shared()), every: 60_000 }).stop()
    assert.equal((await stateOf(second)).state, 'ai')
  })

  it('has a pass of retention each day, or an hour after one that failed, where no other process can open the database', async () => {
    const seen = new Set<string>()
    const watched = (exclusive: boolean): Database => ({
      ...place.database,
      exclusive,
      run: (statement, values) => {
        seen.add(statement.name)
        return place.database.run(statement, values)
      },
    })
    const looks = async (exclusive: boolean, until: () => Promise<void> | void) => {
      seen.clear()
      const house = keepHouse({ ...parts(watched(exclusive)), every: 10 })
      await eventually(until)
      await house.stop()
    }
    const runs = async () => (await listRuns(place.database, {})).runs.map(({ state }) => state)
    const hasLooked = (name: string) => () => {
      assert.ok(seen.has(name))
    }
    await looks(false, hasLooked('jobs/close-idle'))
    assert.deepEqual(await runs(), [])
    await looks(true, async () => {
      assert.deepEqual(await runs(), ['done'])
    })
    await looks(true, hasLooked('jobs/retention-due'))
    assert.deepEqual(await runs(), ['done'])

    const fail = (minutes: number) =>
      run(
        'fail',
        `UPDATE retention_runs SET state = 'failed', started_at = now() - $1::int * interval '1 minute'`,
        [minutes],
      )
    await fail(59)
    await looks(true, hasLooked('jobs/retention-due'))
    assert.deepEqual(await runs(), ['failed'])
    await fail(61)
    await looks(true, async () => {
      assert.deepEqual(await runs(), ['done', 'failed'])
    })
  })

  it('goes on when a look fails', async () => {
    let failed = 0
    const failing: Database = {
      ...shared(),
      run: (statement, values) => {
        if (statement.name === 'jobs/close-idle' && failed++ === 0) return Promise.reject(new Error('broken'))
        return place.database.run(statement, values)
      },
    }
    const idle = await talk(25)
    const house = keepHouse({ ...parts(failing), every: 10 })
    await eventually(async () => {
      assert.equal((await stateOf(idle)).state, 'ended')
    })
    await house.stop()
  })

  function parts(database: Database) {
    return { database, publisher: new Recorder(), log: silentLog, archive: null }
  }
})
