import assert from 'node:assert/strict'
import { costOf } from '../../server/llm/pricing.ts'

const MILLION = 1_000_000

describe('what a model costs', () => {
  it('has a price for what is read, read from the cache, written to it, and said', () => {
    const cost = (input: number, output: number, cached: number, written: number) =>
      costOf('claude-sonnet-5-5', { input, output, cached, written }).usd
    assert.equal(cost(MILLION, 0, 0, 0), 2)
    assert.equal(cost(0, MILLION, 0, 0), 10)
    assert.equal(cost(MILLION, 0, MILLION, 0), 0.1)
    assert.equal(cost(MILLION, 0, 0, MILLION), 2.5)
    assert.equal(cost(3 * MILLION, MILLION, MILLION, MILLION), 2 + 10 + 0.1 + 2.5)
  })

  it('is that of the undated model for a dated one', () => {
    const usage = { input: MILLION, output: MILLION, cached: 0 }
    assert.deepEqual(costOf('claude-haiku-5-5-20261001', usage), costOf('claude-haiku-5-5', usage))
    assert.deepEqual(costOf('claude-haiku-5-5', usage), { usd: 0.6, known: true })
  })

  it('is nothing for the offline provider, and unknown for a model that is not in the table', () => {
    const usage = { input: MILLION, output: MILLION, cached: 0 }
    assert.deepEqual(costOf('passages', usage), { usd: 0, known: true })
    for (const model of ['gpt-6-luna', 'constructor', '']) {
      assert.deepEqual(costOf(model, usage), { usd: 0, known: false })
    }
  })
})
