import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'mocha'
import { createBucket, createOccupancy, createRateLimits, UNLIMITED } from '../../server/infra/rate-limit.ts'
import { describeRateLimits } from './describe-rate-limits.ts'

let now = 0
const clock = () => now

describeRateLimits('in memory', createRateLimits)

describe('limits in memory', () => {
  it('keep a bounded number of keys', async () => {
    const limits = createRateLimits(clock)
    const once = { most: 1, per: 'minute' } as const
    await limits.take('first', once)
    for (let i = 0; i < 100_000; i++) await limits.take(`key ${i}`, once)
    assert.equal((await limits.take('first', once)).allowed, true, 'the oldest was forgotten')
    assert.equal((await limits.take('key 99999', once)).allowed, false, 'the newest was not')
  })

  it('can be lifted', async () => {
    for (let i = 0; i < 100; i++)
      assert.equal((await UNLIMITED.take('a', { most: 1, per: 'minute' })).allowed, true)
  })
})

describe('a bucket', () => {
  beforeEach(() => (now = 0))

  it('gives its burst at once, then at its rate', () => {
    const bucket = createBucket({ perSecond: 2, burst: 3 }, clock)
    for (let i = 0; i < 3; i++) assert.equal(bucket.take().allowed, true)
    assert.deepEqual(bucket.take(), { allowed: false, retryAfterMs: 500 })
    now = 499
    assert.equal(bucket.take().allowed, false)
    now = 500
    assert.equal(bucket.take().allowed, true)
    assert.equal(bucket.take().allowed, false)
  })

  it('never holds more than its burst', () => {
    const bucket = createBucket({ perSecond: 2, burst: 3 }, clock)
    now = 3_600_000
    for (let i = 0; i < 3; i++) assert.equal(bucket.take().allowed, true)
    assert.equal(bucket.take().allowed, false)
  })

  it('gives nothing for a clock that goes back', () => {
    const bucket = createBucket({ perSecond: 2, burst: 1 }, clock)
    bucket.take()
    now = -10_000
    assert.equal(bucket.take().allowed, false)
  })
})

describe('occupancy', () => {
  it('admits so many at once, and another when one has left', () => {
    const occupancy = createOccupancy(2)
    const leave = occupancy.enter('a')
    assert.ok(leave)
    assert.ok(occupancy.enter('a'))
    assert.equal(occupancy.enter('a'), null)
    assert.ok(occupancy.enter('b'))
    leave()
    leave()
    assert.ok(occupancy.enter('a'))
    assert.equal(occupancy.enter('a'), null, 'leaving twice frees one place')
  })
})
