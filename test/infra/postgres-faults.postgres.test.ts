import assert from 'node:assert/strict'
import pg from 'pg'
import { DatabaseUnavailable, type Database } from '../../server/infra/database.ts'
import { createPostgres, type PostgresLimits } from '../../server/infra/postgres.ts'
import { readPostgresUrl } from '../../server/infra/postgres-url.ts'
import { eventually } from '../support/eventually.ts'
import { startOwnPostgres, type OwnPostgres } from '../support/own-postgres.ts'

const SLEEP = { name: 'test/sleep', text: 'SELECT pg_sleep($1)' }
const ONE = { name: 'test/one', text: 'SELECT 1 AS one' }
const POOL = 4

describe('a database under faults', function () {
  this.timeout(60_000)
  let server: OwnPostgres
  let database: Database

  before(async () => (server = await startOwnPostgres()))
  after(() => server.close())
  afterEach(() => database.close())

  const open = (limits: Partial<PostgresLimits> = {}) => {
    const address = readPostgresUrl(server.url)
    database = createPostgres({ address, pool: POOL, keepsOpen: false, exclusive: false, limits })
    return database
  }
  /** Runs many statements at once and counts how they end; anything but "unavailable" fails the test. */
  const ask = async (times: number): Promise<{ answered: number; refused: number }> => {
    const ends = await Promise.allSettled(Array.from({ length: times }, () => database.run(ONE, [])))
    const refusals = ends.filter((end) => end.status === 'rejected')
    for (const { reason } of refusals) assert.ok(reason instanceof DatabaseUnavailable, String(reason))
    return { answered: times - refusals.length, refused: refusals.length }
  }

  for (const mode of ['fast', 'immediate'] as const) {
    it(`refuses while the server restarts (${mode}), and is whole again when it is back`, async () => {
      open()
      assert.deepEqual(await ask(50), { answered: 50, refused: 0 })
      await server.stop(mode)
      assert.deepEqual(await ask(50), { answered: 0, refused: 50 })
      await server.start()
      assert.deepEqual(await ask(50), { answered: 50, refused: 0 })
    })
  }

  it('tells every statement that was running when the server crashed', async () => {
    open()
    const sleeping = Array.from({ length: POOL + 2 }, () => database.run(SLEEP, [30]))
    const ends = Promise.allSettled(sleeping)
    // One connection is for vital statements.
    await eventually(async () => assert.equal(await connections(server, `query LIKE '%pg_sleep%'`), POOL - 1))
    await server.stop('immediate')
    for (const end of await ends) {
      assert.ok(end.status === 'rejected' && end.reason instanceof DatabaseUnavailable)
    }
    await server.start()
    assert.deepEqual(await ask(20), { answered: 20, refused: 0 })
  })

  it('never opens more connections than it may, however much is asked and broken', async () => {
    open()
    const watch = await watchConnections(server)
    for (let round = 0; round < 20; round++) {
      const asked = ask(40)
      await watch.terminateOne()
      await asked
    }
    assert.ok(watch.most() > 1, 'it was watched')
    assert.ok(watch.most() <= POOL, `${watch.most()} connections were open at once`)
    await watch.end()
    assert.deepEqual(await ask(20), { answered: 20, refused: 0 })
  })

  it('lets no statement take longer than it may, on the server either', async () => {
    open({ statement: 200 })
    await assert.rejects(database.run(SLEEP, [30]), DatabaseUnavailable)
    await eventually(async () => assert.equal(await connections(server, `query LIKE '%pg_sleep%'`), 0))
    await assert.rejects(
      database.transaction((transaction) => database.sequelize.query('SELECT pg_sleep(30)', { transaction })),
      DatabaseUnavailable,
    )
    await database.ping()
  })

  it('lets the statements of a patient transaction take as long as they need, and only those', async () => {
    open({ statement: 200, answer: 300 })
    await database.transaction(
      (transaction) => database.sequelize.query('SELECT pg_sleep(0.6)', { transaction }),
      { patient: true },
    )
    const usual = await Promise.allSettled(Array.from({ length: POOL }, () => database.run(SLEEP, [30])))
    assert.ok(usual.every((end) => end.status === 'rejected' && end.reason instanceof DatabaseUnavailable))
  })

  it('ends a transaction that does nothing', async () => {
    open({ idleInTransaction: 200 })
    const idle = database.transaction(async (transaction) => {
      await database.sequelize.query('SELECT 1', { transaction })
      await eventually(async () => assert.equal(await connections(server, 'true'), 0))
      await database.sequelize.query('SELECT 1', { transaction })
    })
    await assert.rejects(idle, DatabaseUnavailable)
    await database.ping()
  })

  describe('that is frozen', () => {
    const limits = { connect: 500, acquire: 600, answer: 500, ping: 400, close: 300 }
    /** Everything that may be asked of it, each with the longest it may take. */
    const kinds: [name: string, ask: () => Promise<unknown>, limit: number][] = [
      ['a statement', () => database.run(ONE, []), limits.acquire + limits.answer],
      ['a ping', () => database.ping(), limits.ping],
      ['a query of Sequelize', () => database.sequelize.query('SELECT 1'), limits.acquire + limits.answer],
      [
        'a transaction',
        () => database.transaction((transaction) => database.sequelize.query('SELECT 1', { transaction })),
        // BEGIN and the ROLLBACK that follows it.
        limits.acquire + 2 * limits.answer,
      ],
    ]
    const SLACK = 700

    beforeEach(async () => {
      open(limits)
      await ask(POOL)
    })
    afterEach(() => server.thaw())

    for (const [name, asked, limit] of kinds) {
      it(`gives ${name} up in time, and answers when it is thawed`, async () => {
        server.freeze()
        const began = performance.now()
        const ends = await Promise.allSettled(Array.from({ length: 3 * POOL }, asked))
        const took = performance.now() - began
        assert.ok(ends.every((end) => end.status === 'rejected'))
        assert.ok(took < limit + SLACK, `it took ${Math.round(took)} ms`)
        server.thaw()
        await eventually(() => database.ping())
        assert.deepEqual(await ask(20), { answered: 20, refused: 0 })
      })
    }

    it('answers what was asked before, when it is thawed in time', async () => {
      server.freeze()
      const asked = ask(3 * POOL)
      setTimeout(() => server.thaw(), 100)
      assert.deepEqual(await asked, { answered: 3 * POOL, refused: 0 })
    })

    it('can be closed', async () => {
      server.freeze()
      void ask(POOL).catch(() => undefined)
      const began = performance.now()
      await database.close()
      assert.ok(performance.now() - began < limits.close + SLACK)
    })
  })
})

/** How many connections of ours the server has that fit. */
async function connections(server: OwnPostgres, condition: string): Promise<number> {
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  try {
    const { rowCount } = await client.query(OURS.replace('true', condition))
    return rowCount ?? 0
  } finally {
    await client.end()
  }
}

const OURS = `SELECT pid FROM pg_stat_activity WHERE application_name = 'parlor' AND true`

/** Counts our connections again and again over one of its own, and breaks one of them when told to. */
async function watchConnections(server: OwnPostgres) {
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  const watched = { most: 0, over: false }
  const watch = async () => {
    while (!watched.over) watched.most = Math.max(watched.most, (await client.query(OURS)).rowCount ?? 0)
  }
  const watching = watch()
  return {
    most: () => watched.most,
    terminateOne: () => client.query(`SELECT pg_terminate_backend(pid) FROM (${OURS} LIMIT 1) AS one`),
    async end() {
      watched.over = true
      await watching
      await client.end()
    },
  }
}
