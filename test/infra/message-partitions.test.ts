import assert from 'node:assert/strict'
import { QueryTypes } from 'sequelize'
import type { Database } from '../../server/infra/database.ts'
import { ensureMessagePartitions, keepMessagePartitions } from '../../server/infra/message-partitions.ts'
import {
  openAgain,
  openTestDatabase,
  silentLog,
  testDatabaseKind,
  type TestDatabase,
} from '../support/databases.ts'

interface Partition {
  name: string
  bounds: string
}

describe('the daily partitions of messages', () => {
  let test: TestDatabase
  let database: Database
  beforeEach(async () => {
    ;({ database } = test = await openTestDatabase())
    for (const { name } of await partitions()) await database.sequelize.query(`DROP TABLE ${name}`)
  })
  afterEach(() => test.close())

  it('reach from yesterday to the days ahead, each one UTC day', async () => {
    const made = await ensureMessagePartitions(database, 2)
    const found = await partitions()
    assert.deepEqual(
      found.map(({ name }) => name),
      made,
    )
    const today = await databaseDay()
    assert.deepEqual(
      found,
      [-1, 0, 1, 2].map((offset) => expected(today, offset)),
    )
  })

  it('are made once', async () => {
    await ensureMessagePartitions(database, 2)
    assert.deepEqual(await ensureMessagePartitions(database, 2), [])
    assert.equal((await ensureMessagePartitions(database, 4)).length, 2)
  })

  it('are made once by several nodes at once', async () => {
    const count = testDatabaseKind() === 'postgres' ? 4 : 0
    const nodes = await Promise.all(Array.from({ length: count }, () => openAgain({ url: test.url! }, 2)))
    try {
      const made = await Promise.all([database, ...nodes].map((node) => ensureMessagePartitions(node)))
      assert.equal(made.flat().length, 16)
      assert.equal((await partitions()).length, 16)
    } finally {
      await Promise.all(nodes.map((node) => node.close()))
    }
  })

  it('take messages to the last microsecond of a day, with the primary key that duplicates run into', async () => {
    await ensureMessagePartitions(database, 2)
    const insert = `INSERT INTO messages (id, conversation_id, seq, role, content, "timestamp")
      VALUES (gen_random_uuid(), '00000000-0000-4000-8000-000000000000', 1, 'user', 'hello',
              date_trunc('day', clock_timestamp(), 'UTC') + interval '1 day' - interval '1 microsecond')
      RETURNING tableoid::regclass::text AS name`
    const [row] = await database.sequelize.query<{ name: string }>(insert, { type: QueryTypes.SELECT })
    assert.equal(row?.name, expected(await databaseDay(), 0).name)
    await assert.rejects(database.sequelize.query(insert), /Validation error|unique/i)
  })

  it('are there as soon as they are kept, and the keeping stops', async () => {
    const keeping = await keepMessagePartitions(database, silentLog)
    assert.equal((await partitions()).length, 16)
    keeping.stop()
  })

  async function partitions(): Promise<Partition[]> {
    const sql = `SELECT c.oid::regclass::text AS name, pg_get_expr(c.relpartbound, c.oid) AS bounds
      FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid WHERE inhparent = 'messages'::regclass ORDER BY 1`
    return database.sequelize.query<Partition>(sql, { type: QueryTypes.SELECT })
  }

  async function databaseDay(): Promise<Date> {
    const sql = `SELECT date_trunc('day', clock_timestamp(), 'UTC') AS day`
    const [row] = await database.sequelize.query<{ day: Date }>(sql, { type: QueryTypes.SELECT })
    return row!.day
  }
})

function expected(today: Date, offset: number): Partition {
  const day = (ahead: number) => new Date(today.getTime() + ahead * 86_400_000).toISOString().slice(0, 10)
  return {
    name: `messages_${day(offset).replaceAll('-', '')}`,
    bounds: `FOR VALUES FROM ('${day(offset)} 00:00:00+00') TO ('${day(offset + 1)} 00:00:00+00')`,
  }
}
