import assert from 'node:assert/strict'
import { checkParametersSchema } from '../../../server/tools/catalogue/parameters-schema.ts'

const ORDER = {
  type: 'object',
  properties: {
    order: { type: 'string', pattern: '^#?[0-9]{4,10}$', maxLength: 20, description: 'Such as 1001.' },
    email: { type: 'string', format: 'email' },
    day: { type: 'string', format: 'date' },
    how: { enum: ['fast', 'cheap'] },
    items: {
      type: 'array',
      items: { type: 'object', properties: { sku: { type: 'string' } }, required: ['sku'] },
    },
    note: { anyOf: [{ type: 'string' }, { type: 'null' }] },
  },
  required: ['order'],
}

describe('The schema of a tool’s arguments', () => {
  const faultOf = (schema: unknown) => {
    const checked = checkParametersSchema(schema)
    return checked.ok ? null : `${checked.path} ${checked.problem}`
  }
  const property = (schema: unknown) => ({ type: 'object', properties: { a: schema } })

  it('is kept as it is, closed to names that it does not list unless it says otherwise', () => {
    const checked = checkParametersSchema(ORDER)
    assert.ok(checked.ok)
    assert.deepEqual(checked.schema, { ...ORDER, additionalProperties: false })
    const open = checkParametersSchema({ type: 'object', additionalProperties: true })
    assert.deepEqual(open.ok && open.schema, { type: 'object', additionalProperties: true })
  })

  it('is refused with the path of the fault', () => {
    for (const [schema, fault] of [
      [null, / is no object/],
      [[], / is no object/],
      [{}, /^\/type is not "object"/],
      [{ type: 'string' }, /^\/type is not "object"/],
      [property({ type: 'text' }), /^\/properties\/a\/type /],
      [property({ type: 'string', minLength: -1 }), /^\/properties\/a\/minLength must be >= 0/],
      [property(3), /^\/properties\/a is no schema/],
      [property({ typ: 'string' }), /^\/properties\/a\/typ is a keyword that is not known here/],
      [property({ minLength: 3 }), /^\/properties\/a missing type "string"/],
      [property({ type: 'string', format: 'telephone' }), /unknown format "telephone".*/],
      [property({ $ref: '#' }), /^\/properties\/a\/\$ref is a keyword/],
      [property({ type: 'array', items: { type: 'object', allOf: [] } }), /^\/properties\/a\/items\/allOf /],
      [{ type: 'object', properties: {}, required: ['b'] }, /required property "b" is not defined/],
      [
        JSON.parse('{"type":"object","properties":{"__proto__":{"type":"string"}}}'),
        /^\/properties\/__proto__ /,
      ],
      [JSON.parse('{"type":"object","__proto__":{}}'), /^\/__proto__ is a keyword that is not known here/],
      [property({ type: 'string', description: 'x'.repeat(20_000) }), /^ is longer than 16384/],
    ] as const) {
      assert.match(faultOf(schema) ?? 'fits', fault, fault.source)
    }
  })

  it('is refused when it is deep or wide beyond use', () => {
    const nested = (depth: number): unknown =>
      depth === 0 ? { type: 'string' } : property(nested(depth - 1))
    assert.equal(faultOf(nested(7)), null)
    assert.match(faultOf(nested(8)) ?? '', /(\/properties\/a){8} lies deeper/)
    assert.match(faultOf(nested(5_000)) ?? '', /lies deeper/)
    const wide = Array.from({ length: 250 }, (_, index) => [`p${index}`, { type: 'null' }] as const)
    assert.match(
      faultOf({ type: 'object', properties: Object.fromEntries<unknown>(wide) }) ?? '',
      /one more than 200/,
    )
  })

  it('is refused when a pattern of it could hold the server up', () => {
    const string = (pattern: string, maxLength: number | undefined = 100) =>
      faultOf(property({ type: 'string', pattern, ...(maxLength && { maxLength }) }))
    for (const pattern of ['^[A-Z]{2}-?[0-9]{4,8}$', '^\\+?\\d{9,15}$', '^(?:a|b)x*$', '^[^@\\s]+@$']) {
      assert.equal(string(pattern), null, pattern)
    }
    for (const pattern of [
      '(a+)+$',
      '(?:a|a)*$',
      'a*a*',
      '(x)\\1',
      '(?=a)',
      '(?<n>a)',
      '[',
      'a{500}',
      '.{9}'.repeat(12),
    ])
      assert.match(string(pattern) ?? 'fits', /^\/properties\/a\/pattern /, pattern)
    for (const pattern of ['a?b?c?d?', 'a{1,9}b{1,9}c{1,9}d{1,9}'])
      assert.match(string(pattern) ?? '', /varies/)
    assert.match(string('^a$', 0) ?? '', /needs a maxLength/)
    assert.match(string('^a$', 101) ?? '', /needs a maxLength/)
  })

  it('matches the slowest pattern that it lets pass in little time', () => {
    const schema = property({ type: 'string', maxLength: 100, pattern: 'a+a{1,29}a{1,29}b' })
    const checked = checkParametersSchema(schema)
    assert.ok(checked.ok)
    const before = performance.now()
    assert.match(checked.check({ a: 'a'.repeat(100) }) ?? '', /must match pattern/)
    assert.match(checked.check({ a: 'a'.repeat(100_000) }) ?? '', /more than 100 characters/)
    assert.ok(performance.now() - before < 5_000)
  })

  it('tells a model what is wrong with its arguments, in its terms', () => {
    const checked = checkParametersSchema(ORDER)
    assert.ok(checked.ok)
    const { check } = checked
    for (const fine of [{ order: '1001' }, { order: '1001', how: 'fast', note: null, items: [{ sku: 'a' }] }])
      assert.equal(check(fine), null)
    for (const [given, words] of [
      [{}, "The arguments must have required property 'order'."],
      [{ order: 1001 }, '"order" must be string.'],
      [{ order: 'x' }, '"order" must match pattern "^#?[0-9]{4,10}$".'],
      [{ order: '1001', how: 'slow' }, '"how" must be equal to one of the allowed values: ["fast","cheap"].'],
      [{ order: '1001', items: [{}] }, '"items/0" must have required property \'sku\'.'],
      [{ order: '1001', email: 'me' }, '"email" must match format "email".'],
      [{ order: '1001', day: '2026-02-40' }, '"day" must match format "date".'],
      [{ order: '1001', customer_id: 7 }, 'The arguments may not have "customer_id".'],
      [
        JSON.parse('{"order":"1001","__proto__":{"admin":true}}') as object,
        'The arguments may not have "__proto__".',
      ],
    ] as const)
      assert.equal(check(given as Record<string, unknown>), words)
  })
})
