import assert from 'node:assert/strict'
import { once } from 'node:events'
import { openRedis, type Redis } from '../../../server/infra/redis/redis.ts'
import { silentLog } from '../../support/databases.ts'
import { Inbox } from '../../support/inbox.ts'
import { startOwnRedis, type OwnRedis } from '../../support/own-redis.ts'

const HASTY = { connect: 2_000, command: 1_000, retry: { shortest: 10, longest: 50 } }

describe('The bus between nodes', () => {
  let own: OwnRedis
  let a: Redis
  let b: Redis
  beforeEach(async () => {
    own = await startOwnRedis()
    ;[a, b] = await Promise.all([openRedis(own.url, silentLog, HASTY), openRedis(own.url, silentLog, HASTY)])
  })
  afterEach(async () => {
    a.close()
    b.close()
    await own.close()
  })

  it('carries everything that is published after a subscription, in order', async () => {
    const heard = new Inbox<string>('message')
    await b.bus.subscribe('one', (message) => heard.put(message))
    await b.bus.subscribe('two', () => assert.fail('another channel'))
    const sent = Array.from({ length: 200 }, (_, index) => `message ${index}`)
    const reached = await Promise.all(sent.map((message) => a.bus.publish('one', message)))
    assert.deepEqual(new Set(reached), new Set([1]))
    const got: string[] = []
    while (got.length < sent.length) got.push(await heard.take())
    assert.deepEqual(got, sent)
  })

  it('tells how many nodes listen', async () => {
    assert.equal(await a.bus.listeners('one'), 0)
    const leave = await a.bus.subscribe('one', () => undefined)
    await b.bus.subscribe('one', () => undefined)
    assert.equal(await a.bus.listeners('one'), 2)
    leave()
    // Commands of one connection are answered in order, those of two are not: so b's own connection is asked.
    const heard = new Inbox<string>('message')
    await a.bus.subscribe('two', (message) => heard.put(message))
    assert.equal(await b.bus.listeners('one'), 1)
    assert.equal(await b.bus.publish('nobody', ''), 0)
  })

  it('hears a channel that was left and joined again before Redis had answered', async () => {
    const heard = new Inbox<string>('message')
    const first = b.bus.subscribe('one', () => assert.fail('who left hears nothing'))
    const second = b.bus.subscribe('one', (message) => heard.put(message))
    const leave = await first
    leave()
    await second
    assert.equal(await a.bus.publish('one', 'hello'), 1)
    assert.equal(await heard.take(), 'hello')
  })

  it('connects anew where it was not told in time that it hears a channel', async () => {
    const back = once(b.presence, 'back')
    await a.commands.call('CLIENT', 'PAUSE', '2000', 'ALL')
    await assert.rejects(b.bus.subscribe('one', () => undefined))
    await back
    const heard = new Inbox<string>('message')
    await b.bus.subscribe('one', (message) => heard.put(message))
    assert.equal(await a.bus.publish('one', 'hello'), 1)
    assert.equal(await heard.take(), 'hello')
  })

  it('hears its channels again after Redis was away', async () => {
    const heard = new Inbox<string>('message')
    await b.bus.subscribe('one', (message) => heard.put(message))
    const back = Promise.all([once(a.presence, 'back'), once(b.presence, 'back')])
    await own.stop()
    await own.start()
    await back
    assert.equal(await a.bus.publish('one', 'hello again'), 1)
    assert.equal(await heard.take(), 'hello again')
  })
})
