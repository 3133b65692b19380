import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import type { Cache } from '../../server/infra/cache.ts'
import { eventually } from '../support/eventually.ts'

/** Long enough that nothing lapses while a test runs. */
const LONG = 60_000

/** What every cache must do, whatever keeps it. `open` gives an empty one of its own. */
export function describeCache(what: string, open: () => Cache | Promise<Cache>): void {
  describe(`a cache ${what}`, () => {
    it('gives back what was set last, to the letter', async () => {
      const cache = await open()
      assert.equal(await cache.get('a'), null)
      const texts = ['', 'plain', 'שלום 😀 e\u0301\u0000\n"', 'x'.repeat(100_000)]
      for (const text of texts) {
        await cache.set('a', text, LONG)
        assert.equal(await cache.get('a'), text)
      }
      await cache.set('b', 'other', LONG)
      assert.equal(await cache.get('a'), texts.at(-1))
    })

    it('forgets what is deleted, and says that it did', async () => {
      const cache = await open()
      await cache.set('a', '1', LONG)
      await cache.set('b', '2', LONG)
      assert.equal(await cache.delete('a'), true)
      assert.equal(await cache.delete('never'), true)
      assert.deepEqual([await cache.get('a'), await cache.get('b')], [null, '2'])
    })

    it('keeps each as long as was said, from when it was set last; reading prolongs nothing', async () => {
      const cache = await open()
      await cache.set('a', 'short', 40)
      await cache.set('b', 'long', LONG)
      await cache.set('c', 'short', 40)
      await cache.set('c', 'then long', LONG)
      await cache.set('d', 'long', LONG)
      await cache.set('d', 'then short', 40)
      await eventually(async () => {
        assert.deepEqual([await cache.get('a'), await cache.get('d')], [null, null])
      })
      assert.deepEqual([await cache.get('b'), await cache.get('c')], ['long', 'then long'])
    })

    it('is used by many at once', async () => {
      const cache = await open()
      const keys = Array.from({ length: 200 }, (_, index) => `key ${index}`)
      await Promise.all(keys.map((key) => cache.set(key, `of ${key}`, LONG)))
      const values = await Promise.all(keys.map((key) => cache.get(key)))
      assert.deepEqual(
        values,
        keys.map((key) => `of ${key}`),
      )
    })
  })
}
