import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Cluster } from 'ioredis'
import { createRateLimits } from '../../../server/infra/rate-limit.ts'
import { createRedisCache } from '../../../server/infra/redis/cache.ts'
import { createRedisLocks } from '../../../server/infra/redis/locks.ts'
import { createRedisRateLimits } from '../../../server/infra/redis/rate-limits.ts'
import { openRedis, type Redis } from '../../../server/infra/redis/redis.ts'
import { silentLog } from '../../support/databases.ts'
import { eventually } from '../../support/eventually.ts'
import { Inbox } from '../../support/inbox.ts'
import { startOwnCluster, type OwnCluster } from '../../support/own-redis-cluster.ts'
import { describeCache } from '../describe-cache.ts'
import { describeLocks } from '../describe-locks.ts'

const HASTY = { connect: 1_000, command: 1_000, retry: { shortest: 10, longest: 50 } }
/** So many names have slots on every node. */
const NAMES = Array.from({ length: 40 }, (_, index) => `events:session-${index}`)

describe('A Redis cluster', function () {
  this.timeout(60_000)
  let own: OwnCluster
  let a: Redis
  let b: Redis
  before(async () => {
    own = await startOwnCluster()
    a = await openRedis(own.url, silentLog, HASTY)
    b = await openRedis(own.url, silentLog, HASTY)
  })
  after(async () => {
    a.close()
    b.close()
    await own.close()
  })

  beforeEach(async () => {
    const commands = a.commands as Cluster
    await Promise.all(commands.nodes('master').map((node) => node.flushall()))
  })

  describeCache('in a Redis cluster', () => createRedisCache(a))
  describeLocks('in a Redis cluster', () => createRedisLocks(a))

  it('counts what all nodes let happen, wherever the count is kept', async () => {
    const rate = { most: 1, per: 'hour' } as const
    const [here, there] = [a, b].map((redis) => createRedisRateLimits(redis, createRateLimits()))
    for (const name of NAMES) {
      assert.equal((await here!.take(name, rate)).allowed, true)
      assert.equal((await there!.take(name, rate)).allowed, false)
    }
  })

  it('takes many commands at once for keys of all its nodes', async () => {
    await Promise.all(NAMES.map((name) => a.commands.set(name, name)))
    assert.deepEqual(await Promise.all(NAMES.map((name) => b.commands.get(name))), NAMES)
  })

  it('carries every channel from node to node, and knows how many listen', async () => {
    const heard = new Inbox<string>('message')
    for (const name of NAMES) {
      assert.equal(await a.bus.listeners(name), 0)
      await b.bus.subscribe(name, (message) => heard.put(message))
      assert.equal(await a.bus.listeners(name), 1)
    }
    const leave = await a.bus.subscribe(NAMES[0]!, () => undefined)
    assert.equal(await b.bus.listeners(NAMES[0]!), 2)
    leave()
    const reached = await Promise.all(NAMES.map((name) => a.bus.publish(name, name)))
    const got: string[] = []
    while (got.length < NAMES.length) got.push(await heard.take())
    assert.deepEqual(got.sort(), [...NAMES].sort())
    assert.ok(reached.every((count) => count >= 1))
  })

  it('is away when one of its nodes is, and carries again what that one has when it is back', async () => {
    const heard = new Inbox<string>('message')
    for (const name of NAMES) await b.bus.subscribe(name, (message) => heard.put(message))
    const away = Promise.all([once(a.presence, 'away'), once(b.presence, 'away')])
    await own.nodes[1]!.stop()
    await away
    await own.nodes[1]!.start()
    await eventually(async () => {
      heard.clear()
      for (const name of NAMES) assert.equal(await a.bus.publish(name, name), 1, name)
    })
    const got: string[] = []
    while (got.length < NAMES.length) got.push(await heard.take())
    assert.deepEqual(got.sort(), [...NAMES].sort())
    await eventually(() => assert.deepEqual([a.presence.isHere, b.presence.isHere], [true, true]))
  })
})
