import assert from 'node:assert/strict'
import { createConnection } from 'mysql2/promise'
import type { Fetched } from '../../../server/integrations/kind.ts'
import { openDatabaseStage, type Asking } from './stage.ts'

/**
 * The same against a real MySQL or MariaDB, by whoever has one: `npm test` needs none.
 *
 *     TEST_MYSQL_URL=mysql://root@127.0.0.1:3306 npx mocha test/integrations/database/mysql-by-hand.ts
 *
 * Whoever is named there may make databases and users; what is made is dropped.
 */
describe('A real MySQL or MariaDB', function () {
  this.timeout(30_000)
  const { TEST_MYSQL_URL } = process.env
  if (!TEST_MYSQL_URL) throw new Error('TEST_MYSQL_URL is needed')
  const url = new URL(TEST_MYSQL_URL)
  const database = `parlor_${crypto.randomUUID().slice(0, 8)}`
  const [reader, writer] = [`r_${database}`, `w_${database}`]
  let admin: Awaited<ReturnType<typeof createConnection>>

  before(async () => {
    admin = await createConnection(TEST_MYSQL_URL)
    for (const statement of [
      `CREATE DATABASE ${database} CHARACTER SET utf8mb4`,
      `CREATE USER ${reader}@'%' IDENTIFIED BY 'Right-4-us'`,
      `CREATE USER ${writer}@'%' IDENTIFIED BY 'Right-4-us'`,
      `GRANT SELECT ON ${database}.* TO ${reader}@'%'`,
      `GRANT ALL ON ${database}.* TO ${writer}@'%'`,
      `CREATE TABLE ${database}.orders (id int PRIMARY KEY, customer varchar(50), total decimal(10, 2), big bigint,
        at datetime, f float, paid bit(1), photo blob)`,
      `INSERT INTO ${database}.orders VALUES (1001, 'customer-7', 12.5, 9007199254740993, '2026-01-02 03:04:05', 1.1, 1, 'x'),
        (1002, 'customer-8', 99, 5, NULL, NULL, 0, NULL)`,
      `CREATE FUNCTION ${database}.pay() RETURNS int MODIFIES SQL DATA BEGIN UPDATE orders SET total = 0; RETURN 1; END`,
    ])
      await admin.query(statement)
  })
  after(async () => {
    await admin.query(`DROP DATABASE ${database}`)
    await admin.query(`DROP USER ${reader}@'%', ${writer}@'%'`)
    await admin.end()
  })

  const stageFor = (user: string, password = 'Right-4-us') => {
    const [host, port] = [url.hostname, Number(url.port || 3306)]
    const config = { engine: 'mysql' as const, host, port, database, user, sslmode: 'disable' as const }
    return openDatabaseStage(config, password, [`${host}:${port}`])
  }
  const rows = async (asking: Asking, user = reader) => {
    const fetched = await stageFor(user).ask(asking)
    assert.ok(fetched.ok, JSON.stringify(fetched))
    return (fetched.data as { rows: unknown[] }).rows
  }
  const problem = async (asking: Asking, user = reader) => {
    const fetched: Fetched = await stageFor(user).ask(asking)
    assert.ok(!fetched.ok, JSON.stringify(fetched))
    return fetched.problem
  }

  it('gives rows as JSON has them', async () => {
    const first = {
      id: 1001,
      customer: 'customer-7',
      total: '12.50',
      big: '9007199254740993',
      f: 1.1,
      paid: 1,
    }
    const query = 'SELECT * FROM orders WHERE id = :order'
    assert.deepEqual(await rows({ query, given: { order: '1001' } }), [
      { ...first, at: '2026-01-02T03:04:05' },
    ])
    const own =
      'SELECT id FROM orders WHERE customer = :visitor.user_id AND (:order IS NULL OR id = :order) LIMIT :n'
    assert.deepEqual(await rows({ query: own, given: { n: 5 }, user: 'customer-7' }), [{ id: 1001 }])
  })

  it('takes hostile arguments for nothing but values', async () => {
    for (const order of [
      `' OR 1=1 -- `,
      `\\' OR 1=1 #`,
      `"; DROP TABLE orders; --`,
      '\u00bf\u0027',
      '9'.repeat(5_000),
    ])
      assert.deepEqual(
        await rows({ query: 'SELECT id FROM orders WHERE customer = :order', given: { order } }, writer),
        [],
      )
    assert.equal((await rows({ query: 'SELECT id FROM orders' })).length, 2)
  })

  it('changes nothing, whoever it lets us be', async () => {
    assert.equal(await problem({ query: 'SELECT pay()' }, writer), 'rejected')
    const gone = 'WITH x AS (SELECT 1) DELETE FROM orders'
    assert.ok(['rejected', 'refused'].includes(await problem({ query: gone }, writer)))
    assert.deepEqual(await rows({ query: 'SELECT SUM(total) AS total FROM orders' }), [{ total: '111.50' }])
  })

  it('is asked for no more, and no longer, than it may', async () => {
    const numbers =
      'WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 900) SELECT i FROM n'
    assert.equal((await rows({ query: numbers })).length, 50)
    assert.equal(await problem({ query: 'SELECT SLEEP(20) FROM orders', timeLeft: 500 }), 'timeout')
    assert.equal(await problem({ query: `SELECT REPEAT('x', 12000000)` }), 'too_large')
  })

  it('is tried, and told of in words', async () => {
    assert.match((await stageFor(reader).test()).message, /^(?:MySQL|MariaDB) \d.*, who may only read\.$/)
    assert.match((await stageFor(writer).test()).message, /may do more than read: ALL PRIVILEGES|INSERT/)
    assert.match((await stageFor(reader, 'wrong').test()).message, /user or the password is wrong/)
  })
})
