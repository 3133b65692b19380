import assert from 'node:assert/strict'
import fc from 'fast-check'
import { compileQuery } from '../../../server/integrations/database/query/compile.ts'
import { scan, type Dialect } from '../../../server/integrations/database/query/scan.ts'
import { endpointOf, openDatabaseStage } from './stage.ts'

const compiled = (query: string, dialect: Dialect = 'postgres') => {
  const result = compileQuery(query, dialect)
  assert.ok(result.ok, JSON.stringify(result))
  return result.query
}
const fault = (query: string, dialect: Dialect = 'postgres') => {
  const result = compileQuery(query, dialect)
  return result.ok ? null : result.problem
}

describe('A query with placeholders', () => {
  it('is the same but for them, and names what is bound', () => {
    const { text, names } = compiled(
      'SELECT a::text FROM t WHERE b = :b AND (c = :c OR d = :b)\nAND e=:visitor.user_id',
    )
    assert.equal(text, 'SELECT a::text FROM t WHERE b = $1 AND (c = $2 OR d = $1)\nAND e=$3')
    assert.deepEqual(names, ['b', 'c', 'visitor.user_id'])
    const mysql = compiled('SELECT :b, :c, :b', 'mysql')
    assert.deepEqual([mysql.text, mysql.names], ['SELECT ?, ?, ?', ['b', 'c', 'b']])
  })

  it('has none in quotes, comments and casts', () => {
    for (const query of [
      `SELECT ':a', ":a", 'it''s :a', E'\\':a', $$ :a $$, $x$ $$ :a $x$, a::int4, date':a'`,
      'SELECT 1 -- :a\n/* :a /* :a */ :a */',
      `SELECT '\\', 1`,
      'SELECT $tag_1$:a$tag_1$',
    ])
      assert.deepEqual([compiled(query).names, compiled(query).text], [[], query], query)
    for (const query of [
      `SELECT ':a', ":a", '\\':a', 'it''s :a', "\\":a"`,
      'SELECT `:a` # :a\n-- :a\n/* :a /* :a */',
      'SELECT @x := 1',
    ])
      assert.deepEqual([compiled(query, 'mysql').names, compiled(query, 'mysql').text], [[], query], query)
    assert.deepEqual(compiled('SELECT 1--:a', 'mysql').names, ['a'])
    assert.deepEqual(compiled(`SELECT '\\', :a --'`).names, ['a'])
  })

  it('is cut into pieces that joined are the query again, whatever it is', () => {
    const parts = fc.constantFrom(
      ...`' " \` $ $$ $a$ E' \\ -- # /* */ ; : :: :a ? $1 \n a é 1 ( . \u2028`.split(' '),
    )
    fc.assert(
      fc.property(
        fc.array(parts, { maxLength: 30 }),
        fc.constantFrom('postgres', 'mysql'),
        (pieces, dialect) => {
          const query = pieces.join('')
          const tokens = scan(query, dialect)
          assert.equal(tokens.map(({ text }) => text).join(''), query)
          assert.ok(tokens.every(({ text, at }) => text !== '' && query.startsWith(text, at)))
        },
      ),
      { seed: 7, numRuns: 500 },
    )
  })

  it('is one statement that reads', () => {
    for (const query of [
      'SELECT 1;',
      'select 1 ; -- done',
      '(SELECT 1) UNION SELECT 2',
      'VALUES (1)',
      'TABLE t',
      '/* x */ WITH a AS (SELECT 1) SELECT * FROM a',
    ])
      assert.equal(fault(query), null, query)
    for (const [query, told] of [
      ['SELECT 1; SELECT 2', 'is more than one statement'],
      ['DELETE FROM t', 'does not begin with SELECT, WITH, VALUES or TABLE'],
      ['-- SELECT\nDELETE FROM t', 'does not begin with SELECT, WITH, VALUES or TABLE'],
      ['', 'does not begin with SELECT, WITH, VALUES or TABLE'],
      ['SELECT * INTO x FROM t', 'writes INTO something, and may only read'],
      [`SELECT 'a`, 'has a quote or comment that does not end'],
      ['SELECT /* /* */', 'has a quote or comment that does not end'],
      ['SELECT $$ a $x$', 'has a quote or comment that does not end'],
      ['SELECT $1', 'has a placeholder without a name: write :name, with a name of the arguments'],
    ] as const)
      assert.equal(fault(query), told, query)
    assert.equal(fault('SELECT "INTO", $$;$$'), null)
  })

  it('tells where a place in what was prepared stands in what was written', () => {
    const written = 'SELECT :number, :number,\n  :other, wrong FROM t'
    const query = compiled(written)
    assert.deepEqual(query.placeOf(query.text.indexOf('wrong')), { line: 2, column: 11 })
    assert.deepEqual(query.placeOf(0), { line: 1, column: 1 })
  })
})

describe('A database, before it is kept', () => {
  const config = { engine: 'postgres' as const, host: 'db.acme.example', database: 'shop', user: 'r' }
  const { kind } = openDatabaseStage(config, 'x', ['10.0.0.5:5432', 'db.internal:3306'])
  const faultOf = (changes: object) => kind.faultOf({ ...config, ...changes }, null)

  it('is at an address that may be reached, and encrypted but where the operator lets it be otherwise', () => {
    for (const changes of [
      {},
      { sslmode: 'require' },
      { host: '10.0.0.5', sslmode: 'disable' },
      { host: '2606:4700::1' },
    ])
      assert.equal(faultOf(changes), null)
    assert.equal(faultOf({ host: 'db.internal', engine: 'mysql', sslmode: 'disable' }), null)
    for (const host of [
      '127.0.0.1',
      '10.0.0.6',
      '0x7f.1',
      '2130706433',
      '::1',
      '::ffff:127.0.0.1',
      '169.254.169.254',
      '127%2e0%2e0%2e1',
    ])
      assert.match(faultOf({ host }) ?? '', /^host is no public address/, host)
    for (const host of [
      '/var/run/postgresql',
      'a@b',
      'a/b',
      'a b',
      'a:5432',
      '[::1]',
      'a?b',
      'a#b',
      'a\\b',
      '\0',
    ])
      assert.match(faultOf({ host }) ?? '', /^host is no /, host)
    assert.match(faultOf({ host: '10.0.0.5', port: 5433 }) ?? '', /no public address/)
    assert.match(faultOf({ sslmode: 'disable' }) ?? '', /only where the operator allows/)
    assert.match(faultOf({ ca: 'nothing' }) ?? '', /no certificate/)
    assert.match(faultOf({ ca: 'x', sslmode: 'require' }) ?? '', /verify-full/)
  })

  it('is asked nothing in the open once the operator thinks better of it', async () => {
    const open = { ...config, host: 'db.internal', sslmode: 'disable' as const }
    const fetched = await openDatabaseStage(open, 'x', []).ask({ query: 'SELECT 1' })
    assert.deepEqual([!fetched.ok && fetched.problem, !fetched.ok && fetched.sent], ['refused', false])
    assert.match(!fetched.ok ? fetched.message : '', /only where the operator allows/)
  })

  it('has another home wherever somebody else could learn the password', () => {
    const home = kind.homeOf(config)
    assert.equal(
      kind.homeOf({ ...config, port: 5432, sslmode: 'verify-full', user: 'other', database: 'b' }),
      home,
    )
    for (const changes of [
      { host: 'evil.example' },
      { port: 5433 },
      { sslmode: 'require' as const },
      { ca: 'x' },
      { engine: 'mysql' as const },
    ])
      assert.notEqual(kind.homeOf({ ...config, ...changes }), home)
  })

  it('has functions whose placeholders are their parameters, and reads only', () => {
    const of = (query: string, changes = {}) =>
      kind.endpoints?.faultOf(endpointOf(query, changes), config) ?? null
    assert.equal(of('SELECT 1 FROM t WHERE a = :order'), null)
    assert.match(of('SELECT :order, :other') ?? '', /asks for :other, which is none of the parameters/)
    assert.match(of('SELECT :order, :visitor.name') ?? '', /:visitor\.name, which is none/)
    assert.match(of('SELECT :order, :constructor') ?? '', /:constructor, which is none/)
    assert.match(of('SELECT 1') ?? '', /does not use the parameter "order"/)
    assert.match(of('SELECT :order', { personal: true }) ?? '', /every visitor would get the same/)
    assert.match(of('SELECT :order', { policy: 'write' }) ?? '', /policy may not be "write"/)
    assert.match(of('DROP TABLE t') ?? '', /does not begin with/)
  })

  it('makes a function personal by itself where it asks for what is one visitor’s', () => {
    const [open, own] = kind.functions(config, [
      endpointOf('SELECT :order'),
      endpointOf('SELECT :visitor.user_id'),
    ])
    assert.deepEqual([open?.personal, own?.personal], [false, true])
  })
})
