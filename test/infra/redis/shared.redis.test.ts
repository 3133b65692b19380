import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createRateLimits } from '../../../server/infra/rate-limit.ts'
import { createRedisCache } from '../../../server/infra/redis/cache.ts'
import { createRedisLocks } from '../../../server/infra/redis/locks.ts'
import { createRedisRateLimits } from '../../../server/infra/redis/rate-limits.ts'
import { openRedis, type Redis } from '../../../server/infra/redis/redis.ts'
import { silentLog } from '../../support/databases.ts'
import { startOwnRedis, type OwnRedis } from '../../support/own-redis.ts'
import { describeCache } from '../describe-cache.ts'
import { describeLocks } from '../describe-locks.ts'

const HASTY = { connect: 2_000, command: 1_000, retry: { shortest: 10, longest: 50 } }
const MINUTE = 60_000

describe('What nodes share in Redis', () => {
  let own: OwnRedis
  let redis: Redis
  before(async () => {
    own = await startOwnRedis()
    redis = await openRedis(own.url, silentLog, HASTY)
  })
  after(async () => {
    redis.close()
    await own.close()
  })
  beforeEach(() => redis.commands.flushdb())

  describeCache('in Redis', () => createRedisCache(redis))
  describeLocks('in Redis', () => createRedisLocks(redis))

  it('counts what all nodes let happen in one minute, under the name that is documented', async () => {
    const at = 29_000_000 * MINUTE + 15_000
    const [one, other] = [at, at + 1].map((now) =>
      createRedisRateLimits(redis, createRateLimits(), () => now),
    )
    const rate = { most: 3, per: 'minute' } as const
    assert.equal((await one!.take('client-1', rate)).allowed, true)
    assert.equal((await other!.take('client-1', rate)).allowed, true)
    assert.equal((await one!.take('client-1', rate)).allowed, true)
    assert.deepEqual(await one!.take('client-1', rate), { allowed: false, retryAfterMs: 45_000 })
    assert.equal(await redis.commands.get('rate_limit:client-1:29000000'), '3')
    const ttl = await redis.commands.pttl('rate_limit:client-1:29000000')
    assert.ok(ttl > 50_000 && ttl <= MINUTE)
  })

  it('counts hours apart from minutes', async () => {
    const limits = createRedisRateLimits(redis, createRateLimits())
    assert.equal((await limits.take('a', { most: 1, per: 'minute' })).allowed, true)
    assert.equal((await limits.take('a', { most: 1, per: 'hour' })).allowed, true)
    assert.equal((await limits.take('a', { most: 1, per: 'hour' })).allowed, false)
  })

  it('is done without while Redis is away: nothing is found or held, and each node counts alone', async () => {
    const cache = createRedisCache(redis)
    const locks = createRedisLocks(redis)
    const limits = createRedisRateLimits(redis, createRateLimits())
    const away = once(redis.presence, 'away')
    await own.stop()
    await away
    await cache.set('a', '1', 1_000)
    assert.deepEqual([await cache.get('a'), await cache.delete('a')], [null, false])
    assert.deepEqual(
      [await locks.take('a', 'me', 1_000), await locks.renew('a', 'me', 1_000)],
      [false, false],
    )
    await locks.release('a', 'me')
    const rate = { most: 1, per: 'minute' } as const
    assert.equal((await limits.take('client-1', rate)).allowed, true)
    assert.equal((await limits.take('client-1', rate)).allowed, false)
    const back = once(redis.presence, 'back')
    await own.start()
    await back
    assert.equal((await limits.take('client-1', rate)).allowed, true)
  })
})
