import assert from 'node:assert/strict'
import { once } from 'node:events'
import { openRedis, type Redis } from '../../server/infra/redis/redis.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { openTestDatabase, silentLog, type TestDatabase } from '../support/databases.ts'
import { eventually } from '../support/eventually.ts'
import { startOwnRedis, type OwnRedis } from '../support/own-redis.ts'
import { ScriptedProvider } from '../support/scripted-provider.ts'
import { returning, Visitor } from '../support/visitor.ts'

const LIMITS = { connect: 2_000, command: 2_000, retry: { shortest: 10, longest: 50 } }

/** Two servers over one database and one Redis, in this process. */
describe('Two nodes', () => {
  const model = new ScriptedProvider()
  let own: OwnRedis
  let place: TestDatabase
  let links: [Redis, Redis]
  let nodes: [TestApp, TestApp]
  const tabs: Visitor[] = []

  before(async () => {
    own = await startOwnRedis()
    place = await openTestDatabase()
    const link = () => openRedis(own.url, silentLog, LIMITS)
    links = [await link(), await link()]
    const start = (redis: Redis) => startApp({ provider: model, redis, place })
    nodes = [await start(links[0]), await start(links[1])]
  })
  after(async () => {
    for (const node of nodes) await node.stop()
    for (const link of links) link.close()
    await place.close()
    await own.close()
  })
  beforeEach(() => model.calls.clear())
  afterEach(() => {
    for (const tab of tabs.splice(0)) tab.close()
  })

  const open = (node: 0 | 1, auth: Record<string, unknown> = {}) => {
    const tab = new Visitor(nodes[node].url, auth)
    tabs.push(tab)
    return tab
  }

  /** A visitor with a tab on each node. */
  async function onBoth(): Promise<[Visitor, Visitor]> {
    const here = open(0)
    const ready = await here.ready()
    const there = open(1, returning(ready))
    await there.ready()
    return [here, there]
  }

  it('tell a visitor’s tabs the same, message by message and piece by piece', async () => {
    const [here, there] = await onBoth()
    await here.send('m1', 'Hello')
    assert.equal((await there.next('message:created'))[0].message.content, 'Hello')
    const call = await model.calls.take()
    await there.next('reply:start')
    for (const word of ['Good ', 'morning ', 'to ', 'both.']) {
      call.say(word)
      await there.next('reply:delta')
    }
    call.end()
    const [{ turn, message }] = await there.next('reply:end')
    assert.equal(message.content, 'Good morning to both.')
    assert.equal(there.streamed(turn), 'Good morning to both.')
    assert.equal(here.streamed(turn), 'Good morning to both.')
  })

  it('tell a tab that comes in mid-answer all that was said, and what is said from there on', async () => {
    const here = open(0)
    const ready = await here.ready()
    await here.send('m1', 'Tell me')
    const call = await model.calls.take()
    call.say('Once upon ')
    await here.next('reply:delta')
    const there = open(1, returning(ready))
    await there.ready()
    // It comes with session:ready, or in a piece of its own when the other node takes longer to tell.
    await eventually(() => assert.equal(there.streamed(1), 'Once upon '))
    call.say('a time.')
    call.end()
    const [{ turn }] = await there.next('reply:end')
    assert.equal(there.streamed(turn), 'Once upon a time.')
    const later = open(1, returning(ready))
    assert.equal((await later.ready()).messages.at(-1)?.content, 'Once upon a time.')
  })

  it('give a tab that comes second on its node the text from there', async () => {
    const here = open(0)
    const ready = await here.ready()
    await here.send('m1', 'Tell me more')
    const call = await model.calls.take()
    call.say('Half of it, ')
    const first = open(1, returning(ready))
    await first.ready()
    await eventually(() => assert.equal(first.streamed(1), 'Half of it, '))
    const second = open(1, returning(ready))
    assert.equal((await second.ready()).reply?.text, 'Half of it, ')
    call.say('and the rest.')
    call.end()
    const [{ turn }] = await second.next('reply:end')
    assert.equal(second.streamed(turn), 'Half of it, and the rest.')
  })

  it('stop a reply from the other node at once', async () => {
    const [here, there] = await onBoth()
    await here.send('m1', 'Go on')
    const call = await model.calls.take()
    call.say('This was said')
    const [turn] = await there.next('reply:delta')
    assert.deepEqual(await there.ask('reply:stop', { turn }), { ok: true, data: { stopped: true } })
    const [{ message }] = await here.next('reply:end')
    assert.deepEqual([message.status, message.content], ['stopped', 'This was said'])
    assert.equal(call.signal.aborted, true)
  })

  it('let a message from the other node join a turn that has not spoken', async () => {
    const [here, there] = await onBoth()
    await here.send('m1', 'One thing')
    const first = await model.calls.take()
    await there.send('m2', 'And another')
    const second = await model.calls.take()
    assert.equal(first.signal.aborted, true)
    assert.deepEqual(
      second.request.messages.flatMap((message) => (message.role === 'user' ? message.text : [])),
      ['One thing', 'And another'],
    )
    second.say('Both.')
    second.end()
    assert.equal((await here.next('reply:end'))[0].message.answers_to, 2)
    await there.next('reply:end')
  })

  it('publish nothing of a reply that nobody else hears', async () => {
    const here = open(0)
    await here.ready()
    const published = async () => {
      const stats = await links[0].commands.info('commandstats')
      return Number(/cmdstat_publish:calls=(\d+)/.exec(stats)?.[1] ?? 0)
    }
    const before = await published()
    await here.send('m1', 'Is anybody there?')
    const call = await model.calls.take()
    for (let piece = 0; piece < 50; piece++) {
      call.say(`piece ${piece} `)
      await here.next('reply:delta')
    }
    call.end()
    await here.next('reply:end')
    assert.equal(await published(), before)
  })

  it('leave no channel behind', async () => {
    const [here, there] = await onBoth()
    const channels = async () => links[0].commands.pubsub('CHANNELS', 'events:*')
    await eventually(async () => assert.equal((await channels()).length, 1))
    here.close()
    there.close()
    await eventually(async () => assert.deepEqual(await channels(), []))
  })

  it('go on without Redis: own visitors hear every piece, others what is kept, a little later', async () => {
    const [here, there] = await onBoth()
    const away = Promise.all(links.map(({ presence }) => once(presence, 'away')))
    await own.stop()
    await away
    await here.send('m1', 'Still there?')
    const call = await model.calls.take()
    call.say('Yes.')
    await here.next('reply:delta')
    call.end()
    await here.next('reply:end')
    assert.equal((await there.next('reply:end'))[0].message.content, 'Yes.')
    const back = Promise.all(links.map(({ presence }) => once(presence, 'back')))
    await own.start()
    await back
    await here.send('m2', 'And now?')
    const next = await model.calls.take()
    next.say('Together again.')
    next.end()
    const end = there.heard.take(
      (one) => one.event === 'reply:end' && one.args[0].message.content === 'Together again.',
    )
    await end
  })
})
