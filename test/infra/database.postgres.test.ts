import assert from 'node:assert/strict'
import pg from 'pg'
import { DatabaseUnavailable, type Database } from '../../server/infra/database.ts'
import { createEmptyDatabase, openAgain } from '../support/databases.ts'

const SLEEP = { name: 'test/sleep', text: 'SELECT pg_sleep($1)' }
const PID = { name: 'test/pid', text: 'SELECT pg_backend_pid() AS pid' }

describe('a database on a real Postgres', () => {
  let url: string
  let drop: () => Promise<void>
  let database: Database
  let killer: pg.Client

  before(async () => {
    ;({ url, drop } = await createEmptyDatabase())
    killer = new pg.Client({ connectionString: url })
    await killer.connect()
  })
  beforeEach(async () => (database = await openAgain({ url }, 2)))
  afterEach(() => database.close())
  after(async () => {
    await killer.end()
    await drop()
  })

  it('is unavailable to a statement whose connection is killed under it, and back at the next one', async () => {
    const [{ pid } = { pid: 0 }] = await database.run<{ pid: number }>(PID, [])
    const sleeping = assert.rejects(database.run(SLEEP, [30]), DatabaseUnavailable)
    await killWhenBusy(pid)
    await sleeping
    const [next] = await database.run<{ pid: number }>(PID, [])
    assert.notEqual(next?.pid, pid)
  })

  it('drops a connection that was killed while nobody used it', async () => {
    const [{ pid } = { pid: 0 }] = await database.run<{ pid: number }>(PID, [])
    await killer.query('SELECT pg_terminate_backend($1)', [pid])
    await untilGone(pid)
    await eventuallyPings()
  })

  it('is unavailable to a transaction whose connection is killed', async () => {
    await assert.rejects(
      database.transaction(async (transaction) => {
        const [rows] = await database.sequelize.query('SELECT pg_backend_pid() AS pid', { transaction })
        const [{ pid } = { pid: 0 }] = rows as { pid: number }[]
        await killer.query('SELECT pg_terminate_backend($1)', [pid])
        await untilGone(pid)
        await database.sequelize.query('SELECT 1', { transaction })
      }),
      DatabaseUnavailable,
    )
    await eventuallyPings()
  })

  it('lets what a node’s life hangs on through, however many statements wait', async () => {
    const sleeping = Array.from({ length: 4 }, () => database.run(SLEEP, [0.3]))
    const order: string[] = []
    const vital = database.run({ ...PID, isVital: true }, []).then(() => order.push('vital'))
    await Promise.all([vital, ...sleeping.map((one) => one.then(() => order.push('asleep')))])
    assert.equal(order[0], 'vital')
  })

  it('closes although a statement does not end', async () => {
    const other = await openAgain({ url }, 1)
    const began = performance.now()
    const sleeping = other.run(SLEEP, [60]).catch((error: unknown) => error)
    await killer.query('SELECT 1')
    await other.close()
    assert.ok(performance.now() - began < 10_000)
    await killer.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep($1)%' AND pid <> pg_backend_pid()`,
    )
    assert.ok((await sleeping) instanceof DatabaseUnavailable)
  })

  async function killWhenBusy(pid: number): Promise<void> {
    const busy = `SELECT FROM pg_stat_activity WHERE pid = $1 AND state = 'active' AND query LIKE '%pg_sleep%'`
    while ((await killer.query(busy, [pid])).rowCount === 0);
    await killer.query('SELECT pg_terminate_backend($1)', [pid])
  }

  async function untilGone(pid: number): Promise<void> {
    while ((await killer.query('SELECT FROM pg_stat_activity WHERE pid = $1', [pid])).rowCount !== 0);
  }

  /** The news of a dead connection may be under way when the first statement is: one failure is allowed. */
  async function eventuallyPings(): Promise<void> {
    await database.ping().catch((error: unknown) => assert.ok(error instanceof DatabaseUnavailable))
    await database.ping()
  }
})
