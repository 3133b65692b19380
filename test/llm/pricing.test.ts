import assert from 'node:assert/strict'
import type { Price } from '../../server/config/prices.ts'
import { PRICES } from '../../server/llm/prices.ts'
import { costOf } from '../../server/llm/pricing.ts'

const MILLION = 1_000_000
const ALL = { input: MILLION, output: MILLION, cached: 0 }

const sonnet = { provider: 'claude', model: 'claude-sonnet-5-5' }
const haiku = { provider: 'claude', model: 'claude-haiku-5-5' }
const luna = { provider: 'openai', model: 'gpt-6-luna' }

describe('What a model costs', () => {
  it('has a price for what is read, read from the cache, written to it, and said', () => {
    const cost = (input: number, output: number, cached: number, written: number) =>
      costOf(sonnet, { input, output, cached, written }).usd
    assert.equal(cost(MILLION, 0, 0, 0), 2)
    assert.equal(cost(0, MILLION, 0, 0), 10)
    assert.equal(cost(MILLION, 0, MILLION, 0), 0.1)
    assert.equal(cost(MILLION, 0, 0, MILLION), 2.5)
    assert.equal(cost(3 * MILLION, MILLION, MILLION, MILLION), 2 + 10 + 0.1 + 2.5)
  })

  it('is what the vendors ask for', () => {
    const asked = (model: string) => {
      const { input, output, cacheRead } = PRICES.get(model)!
      return [input, output, cacheRead]
    }
    assert.deepEqual(asked('claude-haiku-5-5'), [0.1, 0.5, 0.01])
    assert.deepEqual(asked('claude-opus-5-5'), [4, 20, 0.2])
    assert.deepEqual(asked('gpt-6-luna'), [0.1, 0.5, 0.01])
    assert.deepEqual(asked('gpt-6.1-terra'), [1, 5, 0.05])
    assert.deepEqual(asked('gpt-6-sol'), [2, 10, 0.2])
  })

  it('writes to the cache for a quarter more, and reads from it for less than half', () => {
    for (const [model, price] of PRICES) {
      for (const rates of [price, ...(price.long ? [price.long] : [])]) {
        assert.ok([rates.input, 1.25 * rates.input].includes(rates.cacheWrite), model)
        assert.ok(rates.cacheRead <= rates.input, model)
        assert.ok(rates.output > rates.input, model)
      }
    }
  })

  it('is higher for every token of a request that is longer than a vendor likes', () => {
    const cost = (model: typeof haiku, input: number) =>
      costOf(model, { input, output: 1_000, cached: 1_000 }).usd * MILLION
    assert.ok(near(cost(haiku, 100_000), 99_000 * 0.1 + 1_000 * 0.01 + 1_000 * 0.5))
    assert.ok(near(cost(haiku, 100_001), 99_001 * 0.5 + 1_000 * 0.05 + 1_000 * 2.5))
    assert.ok(near(cost(luna, 272_000), 271_000 * 0.1 + 1_000 * 0.01 + 1_000 * 0.5))
    assert.ok(near(cost(luna, 272_001), 271_001 * 0.2 + 1_000 * 0.02 + 1_000 * 0.75))
  })

  it('is that of the undated model for a dated one', () => {
    const usage = { input: 1_000, output: 1_000, cached: 0 }
    assert.deepEqual(costOf({ ...haiku, model: 'claude-haiku-5-5-20261001' }, usage), costOf(haiku, usage))
    assert.deepEqual(costOf({ ...luna, model: 'gpt-6-luna-2026-09-22' }, usage), costOf(luna, usage))
    assert.deepEqual(costOf(haiku, usage), { usd: 0.0006, known: true })
  })

  it('is nothing on a machine of one’s own, and unknown for a model that is not in the table', () => {
    const nothing = { usd: 0, known: true }
    assert.deepEqual(costOf({ provider: 'offline', model: 'passages' }, ALL), nothing)
    assert.deepEqual(costOf({ provider: 'ollama', model: 'qwen3:8b' }, ALL), nothing)
    assert.deepEqual(costOf({ provider: 'ollama', model: 'gpt-4o' }, ALL), nothing)
    for (const model of ['gpt-7', 'constructor', '']) {
      assert.deepEqual(costOf({ provider: 'openai', model }, ALL), { usd: 0, known: false })
    }
  })

  it('is what the operator says, for any model of any provider', () => {
    const own = new Map<string, Price>([
      ['gpt-6-luna', { input: 1, output: 2, cacheRead: 1, cacheWrite: 1 }],
      ['qwen3:8b', { input: 0.01, output: 0.02, cacheRead: 0, cacheWrite: 0 }],
    ])
    assert.deepEqual(costOf(luna, ALL, own), { usd: 3, known: true })
    assert.deepEqual(costOf({ ...luna, model: 'gpt-6-luna-2026-09-22' }, ALL, own), { usd: 3, known: true })
    assert.deepEqual(costOf({ provider: 'ollama', model: 'qwen3:8b' }, ALL, own), { usd: 0.03, known: true })
    assert.deepEqual(costOf(sonnet, ALL, own), { usd: 12, known: true })
  })
})

function near(a: number, b: number): boolean {
  return Math.abs(a - b) < 1e-6
}
