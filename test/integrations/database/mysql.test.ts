import assert from 'node:assert/strict'
import { openDatabaseStage, type Asking, type DatabaseStage } from './stage.ts'
import { startMysqlStandIn, type MysqlStandIn } from './stand-in-mysql.ts'

describe('A MySQL of a client', () => {
  let standIn: MysqlStandIn
  let stage: DatabaseStage
  beforeEach(async () => {
    standIn = await startMysqlStandIn('right')
    stage = stageWith('right')
  })
  afterEach(() => standIn.close())

  const stageWith = (password: string, sslmode: 'disable' | 'require' = 'disable') => {
    const { port } = standIn
    const config = { engine: 'mysql' as const, host: '127.0.0.1', port, database: 'shop', user: 'r', sslmode }
    return openDatabaseStage(config, password, [`127.0.0.1:${port}`])
  }
  const problem = async (asking: Asking, at = stage) => {
    const fetched = await at.ask(asking)
    assert.ok(!fetched.ok, JSON.stringify(fetched))
    return fetched
  }

  it('is told its limits, begins to read only, and is asked one prepared statement with the values apart', async () => {
    const order = `'; DROP TABLE orders; -- \\' " \u2028 ?`
    standIn.answer = () => ({
      columns: ['number', 'note'],
      rows: [
        ['1001', null],
        ['1002', 'a\0b'],
      ],
    })
    const query = `SELECT * FROM orders WHERE number = :order AND customer = :visitor.user_id AND (:no IS NULL OR :n = 2)`
    const fetched = await stage.ask({ query, given: { order, n: 2 }, user: `o'hara` })
    const rows = [
      { number: '1001', note: null },
      { number: '1002', note: 'ab' },
    ]
    assert.deepEqual(fetched, { ok: true, data: { rows } })
    const [limits, begin, statement] = standIn.said
    assert.match(limits ?? '', /^SET SESSION max_execution_time = \d+, lock_wait_timeout = 1,/)
    assert.equal(begin, 'START TRANSACTION READ ONLY')
    assert.equal(statement, 'SELECT * FROM orders WHERE number = ? AND customer = ? AND (? IS NULL OR ? = 2)')
    assert.deepEqual(standIn.bound, [[order, `o'hara`, null, 2]])
    assert.equal(standIn.said.length, 3)
  })

  it('gets lists and objects as JSON, and hostile ones as well', async () => {
    standIn.answer = () => ({ columns: ['n'], rows: [['1']] })
    const list = [`' OR 1=1`, { $ne: null }, [1]]
    await stage.ask({ query: 'SELECT 1 AS n FROM x WHERE JSON_CONTAINS(:list, n)', given: { list } })
    assert.deepEqual(standIn.bound, [[JSON.stringify(list)]])
  })

  it('gives fifty rows of endless ones, and is hung up on', async () => {
    let sent = 0
    const endless = function* (): Generator<string[]> {
      for (;;) yield [String(++sent)]
    }
    standIn.answer = () => ({ columns: ['n'], rows: endless() })
    const fetched = await stage.ask({ query: 'SELECT n FROM many' })
    assert.ok(fetched.ok)
    const { rows, note } = fetched.data as { rows: unknown[]; note: string }
    assert.deepEqual([rows.length, rows.at(-1)], [50, { n: '50' }])
    assert.match(note, /there are more/)
  })

  it('gives nothing of what would fill the memory', async () => {
    const wide = function* (): Generator<string[]> {
      for (;;) yield ['x'.repeat(1_000_000)]
    }
    standIn.answer = () => ({ columns: ['t'], rows: wide() })
    assert.equal((await problem({ query: 'SELECT t FROM wide' })).problem, 'too_large')
  })

  it('is asked nothing that only MySQL would run', async () => {
    for (const query of [
      `SELECT * FROM orders /*!50000 INTO OUTFILE '/tmp/x' */`,
      `SELECT 1 /*M! FOR UPDATE */`,
      'SELECT /*+ MAX_EXECUTION_TIME(0) */ 1',
      'SELECT /*+ SET_VAR(max_execution_time=0) */ 1',
      `SELECT * FROM orders INTO DUMPFILE '/tmp/x'`,
      'SELECT * FROM orders FOR UPDATE',
      'SELECT * FROM orders LOCK IN SHARE MODE',
      'SELECT 1; DROP TABLE orders',
      'SELECT 1 -- \n; DROP TABLE orders',
      'COMMIT',
      'CALL pay()',
      'SET max_execution_time = 0',
      'SELECT ?',
    ])
      assert.equal((await problem({ query })).problem, 'refused', query)
    assert.deepEqual(standIn.said, [])
  })

  it('gets no file of ours, however it asks', async () => {
    const path = Buffer.from('\xfb/etc/passwd', 'latin1')
    standIn.answer = () => ({ raw: Buffer.concat([Buffer.from([path.length, 0, 0, 1]), path]) })
    const { problem: what, message } = await problem({ query: 'SELECT 1' })
    assert.equal(what, 'broken')
    assert.ok(!message.includes('passwd'))
  })

  it('breaks nothing but its own connection by what it says', async () => {
    for (const raw of [
      Buffer.from([1, 0, 0, 1, 0xfc]),
      Buffer.from([1, 0, 0, 1, 1, 2, 0, 0, 2, 255, 255]),
      Buffer.from([0xff, 0xff, 0xff, 9, 1, 2, 3]),
      Buffer.alloc(100, 0xfe),
    ]) {
      standIn.answer = () => ({ raw })
      const { problem: what } = await problem({ query: 'SELECT 1', timeLeft: 200 })
      assert.ok(['broken', 'timeout', 'unreadable'].includes(what), what)
    }
  })

  it('tells what it does not like: the model that it does not fit, the business why', async () => {
    const cases = [
      [
        1064,
        'rejected',
        'The question does not fit the database as it is set up there.',
        'near FORM at line 1',
      ],
      [1142, 'forbidden', 'The user may not read what is asked for.', undefined],
      [1792, 'rejected', 'The question would change something, and may only read.', undefined],
      [3024, 'timeout', 'It took too long, and was given up.', undefined],
      [1205, 'unavailable', 'Somebody else holds what is asked for. Try again in a moment.', undefined],
    ] as const
    for (const [error, what, message, detail] of cases) {
      standIn.answer = () => ({ error, text: 'near FORM at line 1' })
      const fetched = await problem({ query: 'SELECT 1' })
      assert.deepEqual([fetched.problem, fetched.message, fetched.detail], [what, message, detail])
    }
  })

  it('is tried, and told of in words that say what to do', async () => {
    assert.deepEqual(await stage.test(), {
      ok: true,
      message: 'MySQL 8.4.0, not encrypted, as "r", who may only read.',
    })
    const wrong = await stageWith('wrong').test()
    assert.deepEqual([wrong.ok, /user or the password is wrong/.test(wrong.message)], [false, true])
    const open = await stageWith('right', 'require').test()
    assert.deepEqual(open, { ok: false, message: 'It does not encrypt: turn TLS on there.' })
  })
})
