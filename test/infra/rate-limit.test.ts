import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'mocha'
import {
  createBucket,
  createMinuteLimits,
  createOccupancy,
  takeAll,
  UNLIMITED,
  type MinuteLimits,
} from '../../server/infra/rate-limit.ts'

let now = 0
const clock = () => now

describe('limits by the minute', () => {
  let limits: MinuteLimits
  beforeEach(() => {
    now = 90_000
    limits = createMinuteLimits(clock)
  })

  it('allow as many as they say, then name the wait until the minute is over', async () => {
    for (let i = 0; i < 3; i++)
      assert.deepEqual(await limits.take('a', 3), { allowed: true, retryAfterMs: 0 })
    assert.deepEqual(await limits.take('a', 3), { allowed: false, retryAfterMs: 30_000 })
    now = 119_999
    assert.deepEqual(await limits.take('a', 3), { allowed: false, retryAfterMs: 1 })
    now = 120_000
    assert.equal((await limits.take('a', 3)).allowed, true)
  })

  it('count each key by itself', async () => {
    await limits.take('a', 1)
    assert.equal((await limits.take('b', 1)).allowed, true)
  })

  it('take from the narrowest first, and nothing from the others once one is exhausted', async () => {
    const wanted = [
      { key: 'address', perMinute: 3 },
      { key: 'visitor', perMinute: 1 },
    ]
    assert.equal((await takeAll(limits, wanted)).allowed, true)
    for (let i = 0; i < 5; i++) assert.equal((await takeAll(limits, wanted)).allowed, false)
    assert.equal((await limits.take('address', 3)).allowed, true)
    assert.equal((await limits.take('address', 3)).allowed, true)
    assert.equal((await limits.take('address', 3)).allowed, false)
  })

  it('keep a bounded number of keys', async () => {
    await limits.take('first', 1)
    for (let i = 0; i < 100_000; i++) await limits.take(`key ${i}`, 1)
    assert.equal((await limits.take('first', 1)).allowed, true, 'the oldest was forgotten')
    assert.equal((await limits.take('key 99999', 1)).allowed, false, 'the newest was not')
  })

  it('can be lifted', async () => {
    for (let i = 0; i < 100; i++) assert.equal((await UNLIMITED.take('a', 1)).allowed, true)
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
