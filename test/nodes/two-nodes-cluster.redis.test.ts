import assert from 'node:assert/strict'
import { openRedis, type Redis } from '../../server/infra/redis/redis.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { openTestDatabase, silentLog, type TestDatabase } from '../support/databases.ts'
import { eventually } from '../support/eventually.ts'
import { startOwnCluster, type OwnCluster } from '../support/own-redis-cluster.ts'
import { ScriptedProvider } from '../support/scripted-provider.ts'
import { returning, Visitor } from '../support/visitor.ts'

/** So many visitors have channels on every node of the cluster. */
const VISITORS = 12

describe('Two nodes over a Redis cluster', () => {
  const model = new ScriptedProvider()
  let own: OwnCluster
  let place: TestDatabase
  const links: Redis[] = []
  const nodes: TestApp[] = []
  const tabs: Visitor[] = []

  before(async () => {
    own = await startOwnCluster()
    place = await openTestDatabase()
    for (let node = 0; node < 2; node++) {
      const redis = await openRedis(own.url, silentLog)
      links.push(redis)
      nodes.push(await startApp({ provider: model, redis, place }))
    }
  })
  after(async () => {
    for (const tab of tabs) tab.close()
    for (const node of nodes) await node.stop()
    for (const link of links) link.close()
    await place.close()
    await own.close()
  })

  const open = (node: number, auth: Record<string, unknown> = {}) => {
    const tab = new Visitor(nodes[node]!.url, auth)
    tabs.push(tab)
    return tab
  }

  it('tell every visitor’s tabs the same, wherever his channel is', async () => {
    const pairs: [Visitor, Visitor][] = []
    for (let visitor = 0; visitor < VISITORS; visitor++) {
      const here = open(0)
      const there = open(1, returning(await here.ready()))
      await there.ready()
      pairs.push([here, there])
    }
    for (const [here, there] of pairs) {
      await here.send('m1', 'Hello')
      const call = await model.calls.take()
      for (const word of ['Good ', 'morning.']) {
        call.say(word)
        await there.next('reply:delta')
      }
      call.end()
      const [{ turn }] = await there.next('reply:end')
      assert.deepEqual(
        [here, there].map((tab) => tab.streamed(turn)),
        ['Good morning.', 'Good morning.'],
      )
    }
  })

  it('tell a tab that comes in mid-answer all that was said, and stop the answer from there', async () => {
    for (let visitor = 0; visitor < VISITORS / 3; visitor++) {
      const here = open(0)
      const ready = await here.ready()
      await here.send('m1', 'Tell me')
      const call = await model.calls.take()
      call.say('Once upon ')
      await here.next('reply:delta')
      const there = open(1, returning(ready))
      await there.ready()
      await eventually(() => assert.equal(there.streamed(1), 'Once upon '))
      assert.ok((await there.ask('reply:stop', { turn: 1 })).ok)
      assert.equal((await here.next('reply:end'))[0].message.status, 'stopped')
    }
  })
})
