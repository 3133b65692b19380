import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createRateLimits } from '../../../server/infra/rate-limit.ts'
import { createRedisCache } from '../../../server/infra/redis/cache.ts'
import { createRedisLocks } from '../../../server/infra/redis/locks.ts'
import { createRedisRateLimits } from '../../../server/infra/redis/rate-limits.ts'
import { openRedis, type Redis } from '../../../server/infra/redis/redis.ts'
import { silentLog } from '../../support/databases.ts'
import { Inbox } from '../../support/inbox.ts'
import { startOwnSentinel, type OwnSentinel } from '../../support/own-redis-sentinel.ts'

const HASTY = { connect: 1_000, command: 1_000, retry: { shortest: 10, longest: 50 } }

describe('A Redis behind a sentinel', function () {
  this.timeout(60_000)
  let own: OwnSentinel
  let nodes: [Redis, Redis]
  before(async () => {
    own = await startOwnSentinel()
    const open = () => openRedis(own.url, silentLog, HASTY)
    nodes = [await open(), await open()]
  })
  after(async () => {
    for (const node of nodes) node.close()
    await own.close()
  })

  it('is its replica once the master is dead: all goes on there, and channels are heard again', async () => {
    const [a, b] = nodes
    const heard = new Inbox<string>('message')
    await b.bus.subscribe('events:1', (message) => heard.put(message))
    assert.equal(await a.bus.publish('events:1', 'before'), 1)
    assert.equal(await heard.take(), 'before')

    const back = Promise.all(nodes.map(({ presence }) => once(presence, 'back')))
    await own.master.stop()
    await back
    assert.match(await a.commands.info('server'), new RegExp(`^tcp_port:${own.replica.port}\r?$`, 'm'))
    assert.equal(await a.bus.listeners('events:1'), 1)
    assert.equal(await a.bus.publish('events:1', 'after'), 1)
    assert.equal(await heard.take(), 'after')

    const cache = createRedisCache(a)
    await cache.set('answer', 'kept', 10_000)
    assert.equal(await createRedisCache(b).get('answer'), 'kept')
    assert.equal(await createRedisLocks(a).take('lock', 'me', 10_000), true)
    assert.equal(await createRedisLocks(b).take('lock', 'you', 10_000), false)
    const rate = { most: 1, per: 'hour' } as const
    const limits = nodes.map((node) => createRedisRateLimits(node, createRateLimits()))
    assert.equal((await limits[0]!.take('client', rate)).allowed, true)
    assert.equal((await limits[1]!.take('client', rate)).allowed, false)
  })
})
