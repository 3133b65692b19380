import assert from 'node:assert/strict'
import { DatabaseUnavailable } from '../../server/infra/database.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'

describe('a database', () => {
  let test: TestDatabase
  before(async () => (test = await openTestDatabase()))
  after(() => test.close())

  it('runs a named statement with its values, and keeps it prepared', async () => {
    const add = { name: 'test/add', text: 'SELECT $1::int + $2::int AS sum' }
    assert.deepEqual(await test.database.run(add, [1, 2]), [{ sum: 3 }])
    assert.deepEqual(await test.database.run(add, [20, 22]), [{ sum: 42 }])
    const prepared = {
      name: 'test/prepared',
      text: 'SELECT name FROM pg_prepared_statements WHERE name = $1',
    }
    await test.database.transaction(async () => {})
    const names = await Promise.all(
      Array.from({ length: 8 }, () => test.database.run(prepared, ['test/prepared'])),
    )
    assert.ok(names.flat().length > 0)
  })

  it('gives timestamps as dates, and numbers that a double cannot hold as strings', async () => {
    const text = `SELECT '2026-01-02T03:04:05.678Z'::timestamptz AS at, 9007199254740993 AS big, '2026-01-02'::date AS day`
    const [row] = await test.database.run({ name: 'test/values', text }, [])
    assert.deepEqual(row, {
      at: new Date('2026-01-02T03:04:05.678Z'),
      big: '9007199254740993',
      day: '2026-01-02',
    })
  })

  it('passes an SQL error on as it is, and goes on working', async () => {
    const broken = { name: 'test/broken', text: 'SELECT 1 / $1::int' }
    await assert.rejects(test.database.run(broken, [0]), (error: Error & { code?: string }) => {
      assert.ok(!(error instanceof DatabaseUnavailable))
      return error.code === '22012'
    })
    await test.database.ping()
  })

  it('takes back a transaction whose work fails, and passes on why', async () => {
    const reason = new Error('changed my mind')
    const insert = `INSERT INTO tools (tool_name, description, parameters_schema) VALUES ('lost', '', '{}')`
    await assert.rejects(
      test.database.transaction(async (transaction) => {
        await test.database.sequelize.query(insert, { transaction })
        throw reason
      }),
      reason,
    )
    const count = {
      name: 'test/count',
      text: `SELECT count(*)::int AS count FROM tools WHERE tool_name = 'lost'`,
    }
    assert.deepEqual(await test.database.run(count, []), [{ count: 0 }])
  })

  it('answers more at once than it has connections', async () => {
    const statement = { name: 'test/echo', text: 'SELECT $1::int AS number' }
    const numbers = Array.from({ length: 200 }, (_, number) => number)
    const rows = await Promise.all(
      numbers.map((number) => test.database.run<{ number: number }>(statement, [number])),
    )
    assert.deepEqual(
      rows.flat().map(({ number }) => number),
      numbers,
    )
  })

  it('is unavailable once it is closed', async () => {
    const other = await openTestDatabase()
    await other.close()
    await assert.rejects(other.database.ping(), DatabaseUnavailable)
  })
})
