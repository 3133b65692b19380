import assert from 'node:assert/strict'
import { isStrict } from '../../../server/llm/openai/strict-schema.ts'

const CLOSED = { type: 'object', additionalProperties: false }

describe('a schema that a model can be held to', () => {
  it('closes every object and requires every property', () => {
    assert.ok(isStrict({ ...CLOSED, properties: {}, required: [] }))
    assert.ok(isStrict({ ...CLOSED }))
    const address = { ...CLOSED, properties: { city: { type: ['string', 'null'] } }, required: ['city'] }
    const list = { type: 'array', items: address, description: 'Where to' }
    assert.ok(isStrict({ ...CLOSED, properties: { list }, required: ['list'] }))
    const either = { anyOf: [{ type: 'string', enum: ['A'] }, address] }
    assert.ok(isStrict({ ...CLOSED, properties: { either }, required: ['either'] }))
  })

  it('is none where an object is open, at any depth', () => {
    const property = (schema: object) => ({ ...CLOSED, properties: { it: schema }, required: ['it'] })
    assert.ok(!isStrict({ type: 'object', properties: {} }))
    for (const open of [{ type: 'object' }, { type: ['object', 'null'] }, { properties: {} }]) {
      assert.ok(!isStrict(property(open)))
      assert.ok(!isStrict(property({ type: 'array', items: open })))
      assert.ok(!isStrict(property({ anyOf: [open] })))
    }
  })

  it('is none where a property may be missing', () => {
    assert.ok(!isStrict({ ...CLOSED, properties: { it: { type: 'string' } } }))
    assert.ok(!isStrict({ ...CLOSED, properties: { it: { type: 'string' } }, required: ['other'] }))
  })

  it('is none where it says what the vendor may not know, or is no schema', () => {
    const saying = (schema: unknown) => ({ ...CLOSED, properties: { it: schema }, required: ['it'] })
    for (const schema of [
      { type: 'string', minLength: 1 },
      { $ref: '#' },
      { allOf: [] },
      true,
      null,
      'string',
    ])
      assert.ok(!isStrict(saying(schema)), JSON.stringify(schema))
    assert.ok(!isStrict({ ...CLOSED, anyOf: [CLOSED] }))
    assert.ok(!isStrict({ type: 'string' }))
  })

  it('is none where objects stand deeper in each other than the vendor takes', () => {
    const nested = (depth: number): Record<string, unknown> => {
      const properties: Record<string, unknown> = depth === 1 ? {} : { it: nested(depth - 1) }
      return { ...CLOSED, properties, required: Object.keys(properties) }
    }
    assert.ok(isStrict(nested(5)))
    assert.ok(!isStrict(nested(6)))
  })
})
