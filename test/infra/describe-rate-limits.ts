import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { takeAll, WINDOWS, type RateLimits } from '../../server/infra/rate-limit.ts'

/** What all limits on rates must do, whatever counts. `open` gives some that have counted nothing, on this clock. */
export function describeRateLimits(
  what: string,
  open: (now: () => number) => RateLimits | Promise<RateLimits>,
): void {
  describe(`limits on rates ${what}`, () => {
    // A whole hour, which is a whole minute too.
    const start = 495_000 * WINDOWS.hour
    let now = start
    const openAt = (at: number) => {
      now = start + at
      return open(() => now)
    }

    it('allow as many as they say, then name the wait until the minute is over', async () => {
      const limits = await openAt(30_000)
      const rate = { most: 3, per: 'minute' } as const
      for (let i = 0; i < 3; i++)
        assert.deepEqual(await limits.take('a', rate), { allowed: true, retryAfterMs: 0 })
      assert.deepEqual(await limits.take('a', rate), { allowed: false, retryAfterMs: 30_000 })
      now = start + 59_999
      assert.deepEqual(await limits.take('a', rate), { allowed: false, retryAfterMs: 1 })
      now = start + 60_000
      assert.equal((await limits.take('a', rate)).allowed, true)
    })

    it('count hours apart from minutes', async () => {
      const limits = await openAt(3_000_000)
      const hourly = { most: 2, per: 'hour' } as const
      assert.equal((await limits.take('a', { most: 1, per: 'minute' })).allowed, true)
      assert.equal((await limits.take('a', hourly)).allowed, true)
      now += 60_000
      assert.equal((await limits.take('a', hourly)).allowed, true)
      assert.deepEqual(await limits.take('a', hourly), { allowed: false, retryAfterMs: 540_000 })
      now = start + WINDOWS.hour
      assert.equal((await limits.take('a', hourly)).allowed, true)
    })

    it('count each key by itself', async () => {
      const limits = await openAt(0)
      const once = { most: 1, per: 'minute' } as const
      await limits.take('a', once)
      assert.equal((await limits.take('b', once)).allowed, true)
      assert.equal((await limits.take('a', once)).allowed, false)
    })

    it('allow no more to many at once', async () => {
      const limits = await openAt(0)
      const all = Array.from({ length: 100 }, () => limits.take('a', { most: 7, per: 'minute' }))
      assert.equal((await Promise.all(all)).filter(({ allowed }) => allowed).length, 7)
    })

    it('take one of each in their order, name the first that is exhausted, and nothing of those behind it', async () => {
      const limits = await openAt(0)
      const visitor = { key: 'visitor', rate: { most: 1, per: 'minute' } } as const
      const address = { key: 'address', rate: { most: 3, per: 'minute' } } as const
      assert.equal((await takeAll(limits, [visitor, address])).exhausted, null)
      for (let i = 0; i < 5; i++) assert.equal((await takeAll(limits, [visitor, address])).exhausted, visitor)
      assert.equal((await takeAll(limits, [address])).allowed, true)
      assert.equal((await takeAll(limits, [address])).allowed, true)
      assert.deepEqual(await takeAll(limits, [address]), {
        ...{ allowed: false, retryAfterMs: 60_000 },
        exhausted: address,
      })
    })
  })
}
