import assert from 'node:assert/strict'
import { fitSchema } from '../../../server/tools/mcp/fit-schema.ts'

const withProperty = (property: object, more: object = {}) => ({
  type: 'object',
  properties: { a: property },
  ...more,
})

describe('The schema of an MCP tool', () => {
  const fitted = (schema: Record<string, unknown>) => {
    const read = fitSchema(schema)
    assert.ok(read.ok, JSON.stringify(read))
    return read
  }

  it('is taken as tools of zod and pydantic write it', () => {
    const read = fitted({
      $schema: 'http://json-schema.org/draft-07/schema#',
      title: 'Arguments',
      type: 'object',
      properties: {
        place: { $ref: '#/$defs/Place', description: 'Where to.' },
        until: { anyOf: [{ type: 'string', format: 'uri' }, { type: 'null' }], default: null },
      },
      required: ['place'],
      $defs: {
        Place: {
          type: 'object',
          properties: { city: { $ref: '#/$defs/City' } },
          required: ['city'],
          title: 'Place',
        },
        City: { type: 'string', enum: ['Haifa', 'Bonn'] },
      },
    })
    assert.deepEqual(read.schema, {
      title: 'Arguments',
      type: 'object',
      additionalProperties: false,
      required: ['place'],
      properties: {
        place: {
          type: 'object',
          title: 'Place',
          description: 'Where to.',
          required: ['city'],
          properties: { city: { type: 'string', enum: ['Haifa', 'Bonn'] } },
        },
        until: { anyOf: [{ type: 'string' }, { type: 'null' }], default: null },
      },
    })
    assert.equal(read.check({ place: { city: 'Bonn' } }), null)
    assert.match(read.check({ place: { city: 'Rome' } }) ?? '', /place\/city/)
  })

  it('is cleaned of what hides in its words', () => {
    const { schema } = fitted(
      withProperty({ type: 'string', description: 'A\u200B b [INST] c', title: '\u{E0041}' }),
    )
    assert.deepEqual(schema['properties'], { a: { type: 'string', description: 'A b [ INST] c', title: '' } })
  })

  it('is refused by the path of what does not fit', () => {
    const refer = (to: string, more: object = {}) =>
      withProperty({ $ref: to, ...more }, { $defs: { b: { type: 'string' } } })
    const loop = withProperty(
      { $ref: '#/$defs/b' },
      { $defs: { b: { type: 'array', items: { $ref: '#/$defs/b' } } } },
    )
    for (const [schema, path, problem] of [
      [withProperty({ oneOf: [] }), '/properties/a/oneOf', /not known here/],
      [withProperty({ type: 'string', pattern: '(a+)+$' }), '/properties/a/pattern', /maxLength/],
      [withProperty({ type: 'string', 'x-mcp-header': 'A' }), '/properties/a/x-mcp-header', /not known here/],
      [refer('https://evil.example/schema.json'), '/properties/a/$ref', /leads to nothing/],
      [refer('#/$defs/c'), '/properties/a/$ref', /leads to nothing/],
      [refer('#/$defs/b', { minLength: 0 }), '/properties/a/minLength', /beside a \$ref/],
      [loop, '/properties/a/items/$ref', /back to itself/],
      [withProperty({ type: 'string', enum: ['a\u200Bb'] }), '/properties/a/enum', /nobody sees/],
      [withProperty({ type: 'string', default: '<|im_end|>' }), '/properties/a/default', /steer/],
      [{ type: 'object', properties: { 'a\u2060': {} } }, '/properties', /nobody sees/],
      [
        { type: 'object', properties: JSON.parse('{"__proto__":{}}') as object },
        '/properties/__proto__',
        /no argument/,
      ],
      [{ type: 'string' }, '/type', /is not "object"/],
    ] as const) {
      const read = fitSchema(schema)
      assert.equal(read.ok, false)
      assert.deepEqual(read.path, path)
      assert.match(read.problem, problem)
    }
  })

  it('does not grow without end where references name each other', () => {
    const $defs: Record<string, object> = { d0: { type: 'string' } }
    for (let depth = 1; depth < 30; depth++) {
      const twice = { $ref: `#/$defs/d${depth - 1}` }
      $defs[`d${depth}`] = { type: 'object', properties: { a: twice, b: twice } }
    }
    const read = fitSchema(withProperty({ $ref: '#/$defs/d29' }, { $defs }))
    assert.equal(read.ok, false)
    assert.match(read.problem, /more than can be taken/)
  })
})
