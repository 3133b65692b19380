import assert from 'node:assert/strict'
import pg from 'pg'
import type { Fetched } from '../../../server/integrations/kind.ts'
import { createEmptyDatabase } from '../../support/databases.ts'
import { eventually } from '../../support/eventually.ts'
import { openDatabaseStage, type Asking, type DatabaseStage } from './stage.ts'

const HOSTILE = [
  `'; DROP TABLE orders; --`,
  `1001' OR '1'='1`,
  `" OR ""="`,
  `1001; COMMIT; DELETE FROM orders`,
  `$$; DROP TABLE orders; $$`,
  `\\'; DROP TABLE orders; --`,
  `/* 1001 */`,
  `:visitor.user_id`,
  `$1`,
  `1001\u2028--`,
  `ʼ OR 1=1`,
  `\ud800`,
  '9'.repeat(5_000),
  ``,
]

/** What a role may do that owns everything and thinks of nobody: whatever is refused is refused by the transaction. */
const SHOP = `
  CREATE TABLE orders (id int PRIMARY KEY, number text, customer text, total numeric(10, 2), placed_at timestamptz, photo bytea);
  INSERT INTO orders VALUES (1, '1001', 'customer-7', 12.50, '2026-01-02 03:04:05.6+00', '\\xdeadbeef'),
    (2, '1002', 'customer-8', 99999999.99, NULL, NULL);
  CREATE SEQUENCE numbers;
  CREATE FUNCTION pay() RETURNS int LANGUAGE sql AS $$ UPDATE orders SET total = 0 RETURNING 1 $$;
  CREATE FUNCTION slow(int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(30); RETURN $1; END $$`

describe('A Postgres of a client', () => {
  let place: { url: string; drop: () => Promise<void> }
  let admin: pg.Client
  let reader: DatabaseStage
  let owner: DatabaseStage
  const role = `reader_${crypto.randomUUID().slice(0, 8)}`
  const keeper = `keeper_${crypto.randomUUID().slice(0, 8)}`

  before(async () => {
    place = await createEmptyDatabase()
    admin = new pg.Client({ connectionString: place.url })
    await admin.connect()
    await admin.query(
      `CREATE ROLE ${role} LOGIN PASSWORD 'right'; CREATE ROLE ${keeper} LOGIN PASSWORD 'right'`,
    )
    await admin.query(SHOP)
    await admin.query(`GRANT SELECT ON orders TO ${role}; ALTER TABLE orders OWNER TO ${keeper};
      ALTER FUNCTION pay OWNER TO ${keeper}; GRANT ALL ON SEQUENCE numbers TO ${keeper}`)
    reader = stageFor(role)
    owner = stageFor(keeper)
  })
  after(async () => {
    await admin.end()
    await place.drop()
    const url = new URL(place.url)
    url.pathname = '/postgres'
    const client = new pg.Client({ connectionString: url.href })
    await client.connect()
    await client.query(`DROP ROLE ${role}; DROP ROLE ${keeper}`)
    await client.end()
  })

  const { host, port } = (() => {
    const url = new URL(process.env['TEST_DATABASE_URL'] ?? 'postgres://127.0.0.1:5432')
    return { host: url.hostname, port: Number(url.port || 5432) }
  })()
  const stageFor = (
    user: string,
    changes: { password?: string; database?: string; allow?: string[] } = {},
  ) => {
    const { password = 'right', database = new URL(place.url).pathname.slice(1) } = changes
    const config = { engine: 'postgres' as const, host, port, database, user, sslmode: 'disable' as const }
    return openDatabaseStage(config, password, changes.allow ?? [`${host}:${port}`])
  }
  const rows = async (asking: Asking, stage = reader): Promise<unknown> => {
    const fetched = await stage.ask(asking)
    assert.ok(fetched.ok, JSON.stringify(fetched))
    return (fetched.data as { rows: unknown }).rows
  }
  const problem = async (asking: Asking, stage = reader) => {
    const fetched: Fetched = await stage.ask(asking)
    assert.ok(!fetched.ok, JSON.stringify(fetched))
    return fetched
  }
  const orders = async () => {
    const found = await admin.query<{ id: number; total: string }>('SELECT id, total FROM orders ORDER BY id')
    return found.rows
  }
  const busy = async () => {
    const found = await admin.query(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
        AND state = 'active' AND query = 'SELECT pg_sleep(30)' AND wait_event = 'PgSleep'`,
    )
    return found.rowCount
  }

  it('gives rows as JSON has them, and nothing of a number is lost', async () => {
    const query = 'SELECT * FROM orders WHERE number = :order'
    const [row] = (await rows({ query, given: { order: '1001' } })) as Record<string, unknown>[]
    const { placed_at, ...rest } = row ?? {}
    assert.deepEqual(rest, { id: 1, number: '1001', customer: 'customer-7', total: '12.50' })
    assert.match(String(placed_at), /^2026-01-0\dT\d\d:\d\d:05\.6[+-]\d\d:\d\d$/)
    const values = `SELECT 9007199254740993::int8 AS big, 7::int8 AS small, 'NaN'::float8 AS nan, 1.1::float4 AS f,
      true AS yes, NULL AS none, ARRAY[1.10, 2]::numeric[] AS list, ARRAY['a"b', NULL] AS texts,
      '{"a": [1]}'::jsonb AS j, '{"n": 12345678901234567890}'::json AS exact, DATE '2026-02-03' AS day, 1 AS day`
    assert.deepEqual(await rows({ query: values }), [
      {
        ...{ big: '9007199254740993', small: 7, nan: 'NaN', f: 1.1, yes: true, none: null },
        ...{ list: ['1.10', '2'], texts: ['a"b', null], j: { a: [1] }, exact: '{"n": 12345678901234567890}' },
        ...{ day: '2026-02-03', day_2: 1 },
      },
    ])
  })

  it('takes hostile arguments for nothing but values', async () => {
    for (const order of HOSTILE) {
      const query = `SELECT :order AS given, count(*)::int AS found FROM orders WHERE number = :order`
      const given = order.toWellFormed()
      assert.deepEqual(await rows({ query, given: { order } }, owner), [{ given, found: 0 }], order)
    }
    const query = 'SELECT id FROM orders WHERE id = :order'
    for (const order of [`1; DROP TABLE orders`, '1 OR 1=1', '9'.repeat(400), {}, [1, 2], 'Infinity']) {
      const { problem: what, message } = await problem({ query, given: { order } }, owner)
      assert.deepEqual([what, message], ['rejected', 'An argument is none that the database can take there.'])
    }
    assert.equal((await problem({ query, given: { order: 'a\0b' } })).problem, 'refused')
    assert.deepEqual(await rows({ query, given: { order: 1 } }), [{ id: 1 }])
    const many = 'SELECT id FROM orders WHERE number = ANY(:order) ORDER BY id'
    assert.deepEqual(await rows({ query: many, given: { order: ['1002', '1001', `"}'`] } }), [
      { id: 1 },
      { id: 2 },
    ])
    assert.equal((await orders()).length, 2)
  })

  it('takes what was not given for NULL, and the proven visitor from nobody but the session', async () => {
    const query =
      'SELECT id FROM orders WHERE (:order::text IS NULL OR number = :order) AND customer = :visitor.user_id'
    assert.deepEqual(await rows({ query, user: 'customer-7' }), [{ id: 1 }])
    assert.deepEqual(await rows({ query, user: 'customer-7', given: { order: '1002' } }), [])
    const forged = {
      visitor: { user_id: 'customer-8' },
      'visitor.user_id': 'customer-8',
      user_id: 'customer-8',
    }
    assert.deepEqual(await rows({ query, user: null, given: forged }), [])
    assert.deepEqual(await rows({ query, user: 'customer-7', given: forged }), [{ id: 1 }])
  })

  it('changes nothing, whoever it lets us be', async () => {
    const before = await orders()
    for (const query of [
      'WITH gone AS (DELETE FROM orders RETURNING id) SELECT * FROM gone',
      'WITH x AS (UPDATE orders SET total = 0 RETURNING id) SELECT * FROM x',
      `WITH x AS (INSERT INTO orders VALUES (3) RETURNING id) SELECT * FROM x`,
      'SELECT pay()',
      `SELECT nextval('numbers')`,
      'SELECT * FROM orders FOR UPDATE',
      `SELECT set_config('transaction_read_only', 'off', false), pay()`,
      `SELECT set_config('transaction_read_only', 'off', true) FROM orders`,
      `SELECT * INTO stolen FROM orders`,
      'DELETE FROM orders',
      'DROP TABLE orders',
      'SELECT 1; DROP TABLE orders',
      'SELECT 1; COMMIT; DROP TABLE orders; SELECT 1',
      'COMMIT',
      'ROLLBACK',
      'SET transaction_read_only = off',
      'COPY orders TO STDOUT',
      `DO $$ BEGIN DELETE FROM orders; END $$`,
      'EXPLAIN ANALYZE DELETE FROM orders',
      'EXECUTE orders',
      'PREPARE x AS DELETE FROM orders',
      'CALL pay()',
      `DECLARE c CURSOR FOR SELECT 1`,
      '-- SELECT\nDELETE FROM orders',
      'SELECT 1 /* ; */ ; /* */ DELETE FROM orders',
      `SELECT '\\'; DELETE FROM orders; --'`,
    ]) {
      const { problem: what } = await problem({ query }, owner)
      assert.ok(['refused', 'rejected'].includes(what), `${query}: ${what}`)
    }
    assert.deepEqual(await orders(), before)
  })

  it('lets nothing of a question stay behind for the next one', async () => {
    await rows({ query: `SELECT set_config('search_path', 'nowhere', false), pg_advisory_lock(7)` }, owner)
    const query = `SELECT current_setting('search_path') AS path, pg_try_advisory_lock(7) AS free,
      count(*)::int AS statements FROM pg_prepared_statements`
    assert.deepEqual(await rows({ query }, owner), [{ path: '"$user", public', free: true, statements: 0 }])
  })

  it('gives fifty rows of a million, and says that there are more', async () => {
    const fetched = await reader.ask({ query: 'SELECT n FROM generate_series(1, 1000000) AS n' })
    assert.ok(fetched.ok)
    const { rows: given, note } = fetched.data as { rows: unknown[]; note: string }
    assert.deepEqual([given.length, given.at(-1)], [50, { n: 50 }])
    assert.match(note, /^These are the first 50 rows; there are more/)
    const exact = await reader.ask({ query: 'SELECT n FROM generate_series(1, 50) AS n' })
    assert.ok(exact.ok && !('note' in (exact.data as object)))
  })

  it('gives of wide rows what fits, and nothing of what would fill the memory', async () => {
    const fetched = await reader.ask({
      query: `SELECT n, repeat('é', 20000) AS t FROM generate_series(1, 50) AS n`,
    })
    assert.ok(fetched.ok)
    const { rows: given, note } = fetched.data as { rows: { t: string }[]; note: string }
    assert.ok(Buffer.byteLength(JSON.stringify(fetched.data)) <= 64 * 1024)
    assert.deepEqual([given.length, given[0]?.t.length], [4, 8_003])
    assert.match(note, /the first 4 rows.*Long texts are cut/)
    const { problem: what } = await problem({ query: `SELECT repeat('x', 20000000)` })
    assert.equal(what, 'too_large')
    const columns = Array.from({ length: 20 }, (_, at) => `repeat('x', 8000) AS c${at}`)
    assert.equal((await problem({ query: `SELECT ${columns.join(', ')}` })).problem, 'too_large')
  })

  it('is not asked for longer than there is time, and is left in peace when nobody waits any more', async () => {
    const slow = 'SELECT slow(id) FROM orders'
    assert.equal((await problem({ query: slow, timeLeft: 300 })).problem, 'timeout')
    const abort = new AbortController()
    const asked = reader.ask({ query: 'SELECT pg_sleep(30)', signal: abort.signal })
    await eventually(async () => assert.equal(await busy(), 1))
    abort.abort(new Error('the visitor left'))
    await assert.rejects(asked, /the visitor left/)
    await eventually(async () => assert.equal(await busy(), 0))
  })

  it('is not waited for while somebody else holds what is asked for', async () => {
    await admin.query('BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE')
    try {
      const { problem: what } = await problem({ query: 'SELECT * FROM orders', timeLeft: 2_900 })
      assert.equal(what, 'unavailable')
    } finally {
      await admin.query('ROLLBACK')
    }
  })

  it('tells the model that a query does not fit, and the business where', async () => {
    const fetched = await problem({ query: 'SELECT id\nFROM orders\nWHERE number = :order AND ordr = 1' })
    assert.deepEqual(
      [fetched.problem, fetched.message],
      ['rejected', 'The question does not fit the database as it is set up there.'],
    )
    assert.match(fetched.detail ?? '', /column "ordr" does not exist \(line 3, column 27\)\./)
    const untyped = await problem({ query: 'SELECT id FROM orders WHERE :order IS NULL OR number = :order' })
    assert.match(untyped.detail ?? '', /Hint: Write its type behind it, such as :order::text\./)
    const hidden = await problem({ query: 'SELECT * FROM pg_authid' })
    assert.deepEqual(
      [hidden.problem, hidden.message],
      ['forbidden', 'The user may not read what is asked for.'],
    )
  })

  it('is tried, and told of in words that say what to do', async () => {
    assert.match(
      (await reader.test()).message,
      /^PostgreSQL \d+.*, not encrypted, as "reader_\w+", who may only read\.$/,
    )
    assert.match(
      (await owner.test()).message,
      /^PostgreSQL.*But: "keeper_\w+" may change tables \(orders\)\. Give us a user/,
    )
    const nobody = await stageFor('nobody_here').test()
    assert.deepEqual([nobody.ok, /user or the password is wrong/.test(nobody.message)], [false, true])
    assert.match((await stageFor(role, { database: 'nowhere' }).test()).message, /There is no such database/)
    assert.match((await stageFor(role, { allow: [] }).test()).message, /host is no public address/)
  })
})
