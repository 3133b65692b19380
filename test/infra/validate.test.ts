import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import fc from 'fast-check'
import Type from 'typebox'
import { Text, Timestamp } from '../../protocol/records.ts'
import { StartSessionBody } from '../../protocol/rest.ts'
import { WIDGET_REQUESTS, WidgetHandshake } from '../../protocol/widget.ts'
import { createSchemaCompiler } from '../../server/infra/validate.ts'

const compile = createSchemaCompiler()
const send = compile(WIDGET_REQUESTS['message:send'].payload)

describe('validation', () => {
  it('compiles every schema of the protocol in strict mode', () => {
    for (const { payload, data } of Object.values(WIDGET_REQUESTS)) {
      compile(payload)
      compile(data)
    }
    compile(WidgetHandshake)
    compile(StartSessionBody)
  })

  it('hands back the value itself', () => {
    const payload = { client_message_id: 'a', text: 'hello' }
    const result = send(payload)
    assert.ok(result.ok && result.data === payload)
  })

  const texts: [what: string, text: string, fits: boolean][] = [
    ['words', 'hello', true],
    ['Hebrew', 'שלום', true],
    ['an emoji', '👍🏽', true],
    ['4,000 emoji, which are 8,000 UTF-16 units', '👍'.repeat(4_000), true],
    ['4,001 characters', 'x'.repeat(4_001), false],
    ['nothing', '', false],
    ['blanks', ' \n\t\u00a0', false],
    ['NUL', 'a\0b', false],
    ['a lone high surrogate', 'a\ud83d', false],
    ['a lone low surrogate', '\udc4da', false],
  ]
  for (const [what, text, fits] of texts) {
    it(`${fits ? 'takes' : 'refuses'} a text of ${what}`, () => assert.equal(compile(Text)(text).ok, fits))
  }

  const times: [text: string, fits: boolean][] = [
    ['2026-11-23T04:28:15.403Z', true],
    ['2026-11-23T04:28:15+02:00', true],
    ['2026-13-01T00:00:00Z', false],
    ['2026-11-23', false],
    ['yesterday', false],
  ]
  for (const [text, fits] of times) {
    it(`${fits ? 'takes' : 'refuses'} ${text} as a time`, () =>
      assert.equal(compile(Timestamp)(text).ok, fits))
  }

  it('says where a payload does not fit, never what was in it', () => {
    const faults: [payload: unknown, words: RegExp][] = [
      [{ client_message_id: 'a', text: ' secret\0' }, /^text is blank, or holds characters/],
      [{ client_message_id: 'a b', text: 'secret' }, /^client_message_id is not of the expected form/],
      [{ client_message_id: 'a', text: 'secret', more: 'secret' }, /^The payload has properties/],
      [{ text: 'secret' }, /^The payload must have required property 'client_message_id'/],
      ['secret', /^The payload must be object/],
      [undefined, /^The payload must be object/],
    ]
    for (const [payload, words] of faults) {
      const result = send(payload)
      assert.ok(!result.ok)
      assert.equal(result.error.code, 'invalid_payload')
      assert.match(result.error.message, words)
      assert.doesNotMatch(result.error.message, /secret/)
    }
  })

  it('names the path of a fault in the depth', () => {
    const result = compile(Type.Object({ a: Type.Array(Type.Object({ b: Type.Number() })) }))({
      a: [{ b: 'x' }],
    })
    assert.ok(!result.ok)
    assert.match(result.error.message, /^a\.0\.b must be number/)
  })

  it('turns nothing into something else', () => {
    for (const typing of ['true', 1, null, [true]]) {
      assert.equal(compile(WIDGET_REQUESTS['typing:set'].payload)({ typing }).ok, false)
    }
  })

  it('refuses a payload that brings a prototype', () => {
    const payload: unknown = JSON.parse('{"client_message_id":"a","text":"b","__proto__":{"admin":true}}')
    assert.equal(send(payload).ok, false)
    assert.equal(({} as { admin?: boolean }).admin, undefined)
  })

  it('answers anything at all without throwing', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withSparseArray: true }), (payload) => {
        assert.equal(send(payload).ok, false)
      }),
      { seed: 20261123, numRuns: 500 },
    )
  })
})
