import assert from 'node:assert/strict'
import { once } from 'node:events'
import { openRedis, type Redis } from '../../server/infra/redis/redis.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { silentLog } from '../support/databases.ts'
import { eventually } from '../support/eventually.ts'
import { startOwnRedis, type OwnRedis } from '../support/own-redis.ts'
import { ScriptedProvider } from '../support/scripted-provider.ts'
import { Visitor } from '../support/visitor.ts'

const LIMITS = { connect: 2_000, command: 1_000, retry: { shortest: 10, longest: 50 } }

describe('A node whose Redis goes away', function () {
  this.timeout(60_000)
  const model = new ScriptedProvider()
  let own: OwnRedis
  let link: Redis
  let node: TestApp

  before(async () => {
    own = await startOwnRedis()
    link = await openRedis(own.url, silentLog, LIMITS)
    node = await startApp({ provider: model, redis: link })
  })
  after(async () => {
    await node.close()
    link.close()
    await own.close()
  })

  async function readiness(): Promise<[status: number, body: Record<string, string>]> {
    const answer = await fetch(`${node.url}/readyz`)
    return [answer.status, (await answer.json()) as Record<string, string>]
  }

  async function metric(name: string): Promise<number> {
    const text = await (await fetch(`${node.url}/metrics`)).text()
    return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1])
  }

  it('says so, goes on serving, counts what it could not keep there, and says when it is back', async () => {
    assert.deepEqual(await readiness(), [200, { status: 'ready', redis: 'here' }])
    assert.equal(await metric('parlor_redis_up'), 1)
    const reconnects = await metric('parlor_redis_reconnects_total')

    const away = once(link.presence, 'away')
    const before = Date.now()
    await own.stop()
    await away
    const [status, { redis_away_since = '', ...rest }] = await readiness()
    assert.deepEqual([status, rest], [200, { status: 'ready', redis: 'away' }])
    const since = Date.parse(redis_away_since)
    assert.ok(since >= before && since <= Date.now())
    assert.equal(await metric('parlor_redis_up'), 0)

    const visitor = new Visitor(node.url)
    await visitor.ready()
    await visitor.send('m1', 'Still there?')
    const call = await model.calls.take()
    call.say('Yes, ')
    await eventually(async () => assert.ok((await metric('parlor_checkpoint_failures_total')) > 0))
    call.say('I am.')
    call.end()
    assert.equal((await visitor.next('reply:end'))[0].message.content, 'Yes, I am.')
    visitor.close()

    const back = once(link.presence, 'back')
    await own.start()
    await back
    assert.deepEqual(await readiness(), [200, { status: 'ready', redis: 'here' }])
    assert.equal(await metric('parlor_redis_up'), 1)
    assert.equal(await metric('parlor_redis_reconnects_total'), reconnects + 1)
  })
})
