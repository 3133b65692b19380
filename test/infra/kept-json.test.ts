import assert from 'node:assert/strict'
import { keptJson } from '../../server/infra/kept-json.ts'

describe('JSON that is kept', () => {
  it('has no NUL and no half of a surrogate pair, in values, in names, or deep inside', () => {
    const value = { 'a\0': ['x\0y', '\ud83d', '😀'], b: { c: { '\ude00': 1 } }, d: null, e: 1.5 }
    assert.deepEqual(JSON.parse(keptJson(value)), {
      ...{ a: ['xy', '\ufffd', '😀'], b: { c: { '\ufffd': 1 } } },
      ...{ d: null, e: 1.5 },
    })
  })

  it('leaves everything else as it is', () => {
    const value = { '': [true, { z: 'שלום', a: '"' }], __proto: 'x' }
    assert.equal(keptJson(value), JSON.stringify(value))
  })
})
