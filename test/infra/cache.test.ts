import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { createMemoryCache } from '../../server/infra/cache.ts'
import { describeCache } from './describe-cache.ts'

describeCache('in memory', () => createMemoryCache())

describe('a cache in memory', () => {
  it('keeps no more than it may, and lets go what was not used for longest', async () => {
    const cache = createMemoryCache(100_000)
    const text = 'x'.repeat(4_000)
    for (let i = 0; i < 100; i++) {
      await cache.set(`key ${i}`, text, 60_000)
      await cache.get('key 0')
    }
    const kept = []
    for (let i = 0; i < 100; i++) if ((await cache.get(`key ${i}`)) !== null) kept.push(i)
    assert.equal(kept.length, Math.floor(100_000 / (2 * (text.length + 6) + 250)))
    assert.deepEqual([kept[0], kept.at(-1)], [0, 99])
  })

  it('keeps nothing under a key whose new text is too long for it, also not the old one', async () => {
    const cache = createMemoryCache(1_000)
    await cache.set('a', 'old', 60_000)
    await cache.set('a', 'x'.repeat(1_000), 60_000)
    assert.equal(await cache.get('a'), null)
  })

  it('goes by its clock, to the millisecond', async () => {
    let now = 1_000
    const cache = createMemoryCache(1_000_000, () => now)
    await cache.set('a', 'text', 300_000)
    now += 299_999
    assert.equal(await cache.get('a'), 'text')
    now += 2
    assert.equal(await cache.get('a'), null)
  })
})
