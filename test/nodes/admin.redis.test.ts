import assert from 'node:assert/strict'
import { once } from 'node:events'
import { openRedis, type Redis } from '../../server/infra/redis/redis.ts'
import { cheapPasswords, makeAdmin, PASSWORD } from '../support/admins.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { openTestDatabase, silentLog, type TestDatabase } from '../support/databases.ts'
import { eventually } from '../support/eventually.ts'
import { makeClient } from '../support/factories.ts'
import { startOwnRedis, type OwnRedis } from '../support/own-redis.ts'
import { addPerson, demoClient, JWT_SECRET, Person } from '../support/person.ts'
import { ScriptedProvider } from '../support/scripted-provider.ts'
import { Visitor } from '../support/visitor.ts'

/** A second, and what a machine takes that is busy with much else. */
const CUT_OFF_MS = 3_000
const LIMITS = { connect: 2_000, command: 2_000, retry: { shortest: 10, longest: 50 } }

const SHUT_CLIENT = { name: 'test/shut-client', text: `UPDATE clients SET status = 'inactive' WHERE id = $1` }
/** Past the time in which a second tab may bring it. */
const LONG_AGO = {
  name: 'test/spend-long-ago',
  text: `UPDATE admin_sessions SET used_at = used_at - interval '1 minute'`,
}
const SHUT_PERSON = { name: 'test/shut-person', text: 'UPDATE admins SET disabled_at = now() WHERE id = $1' }

/** Two servers over one database and one Redis: visitors come to the first, people of the business to the second. */
describe('People of the business at another node', () => {
  const model = new ScriptedProvider()
  const open: { close(): void }[] = []
  let own: OwnRedis
  let place: TestDatabase
  let links: [Redis, Redis]
  let nodes: [TestApp, TestApp]
  let shop: { id: string }

  before(async () => {
    own = await startOwnRedis()
    place = await openTestDatabase()
    const link = () => openRedis(own.url, silentLog, LIMITS)
    links = [await link(), await link()]
    const start = (redis: Redis) =>
      startApp({
        provider: model,
        redis,
        place,
        env: { JWT_SECRET },
        turnLimits: { typingHolds: 300 },
        passwords: cheapPasswords(),
      })
    nodes = [await start(links[0]), await start(links[1])]
    shop = await demoClient(place.database)
  })
  after(async () => {
    for (const node of nodes) await node.stop()
    for (const link of links) link.close()
    await place.close()
    await own.close()
  })
  beforeEach(() => model.calls.clear())
  afterEach(() => {
    for (const one of open.splice(0)) one.close()
  })

  async function visit(): Promise<Visitor> {
    const visitor = new Visitor(nodes[0].url)
    open.push(visitor)
    await visitor.ready()
    return visitor
  }

  async function ask(): Promise<{ visitor: Visitor; conversation_id: string }> {
    const visitor = await visit()
    await visitor.send('m1', 'Hello')
    const synced = await visitor.ask('session:sync', { last_seq: 0 })
    return { visitor, conversation_id: synced.ok ? (synced.data.conversation?.id ?? '') : '' }
  }

  async function enter(): Promise<Person & { id: string }> {
    const { id, token } = await addPerson(place.database, { client: shop })
    const person = new Person(nodes[1].url, { token })
    open.push(person)
    await person.connected
    return Object.assign(person, { id })
  }

  const published = async () => {
    const stats = await links[0].commands.info('commandstats')
    return Number(/cmdstat_publish:calls=(\d+)/.exec(stats)?.[1] ?? 0)
  }
  const updated = (person: Person, conversation_id: string, message_count: number) =>
    person.heard.take(
      ({ event, args }) =>
        (event === 'conversation:updated' || event === 'conversation:opened') &&
        args[0].conversation.id === conversation_id &&
        args[0].conversation.message_count === message_count,
    )

  it('hear an answer as its visitor does, from where they come in', async () => {
    const { visitor, conversation_id } = await ask()
    const call = await model.calls.take()
    call.say('Once upon ')
    await visitor.next('reply:delta')
    const dana = await enter()
    const found = await dana.get('conversation:watch', { conversation_id })
    await eventually(() => assert.equal(dana.streamed(conversation_id, 1, found.reply?.text), 'Once upon '))
    for (const word of ['a ', 'time, ', 'in ', 'a ', 'shop.']) {
      call.say(word)
      await visitor.next('reply:delta')
    }
    call.end()
    const [{ turn, message }] = await dana.next('reply:end')
    assert.equal(dana.streamed(conversation_id, turn, found.reply?.text), message.content)
    assert.equal(visitor.streamed(turn), message.content)
  })

  it('take over what the other node says, and hear nothing of it afterwards; nor does the visitor', async () => {
    const { visitor, conversation_id } = await ask()
    const dana = await enter()
    await dana.get('conversation:watch', { conversation_id })
    const call = await model.calls.take()
    call.say('I will tell you a lo')
    await dana.next('reply:delta')
    const taking = dana.get('conversation:take_over', { conversation_id })
    for (let piece = 0; piece < 100 && !call.signal.aborted; piece++) {
      call.say('ng ')
      await new Promise(setImmediate)
    }
    await taking
    await visitor.next('agent:joined')
    await dana.next('agent:joined')
    await dana.get('message:send', { conversation_id, client_message_id: 'a1', text: 'Dana here.' })
    const [{ message }] = await visitor.next('message:created')
    assert.equal(message.content, 'Dana here.')
    for (const who of [visitor, dana]) {
      const events = who.heard.all.map(({ event }): string => event)
      const after = events.slice(events.indexOf('agent:joined'))
      assert.ok(!after.includes('reply:delta') && !after.includes('reply:start'), after.join())
    }
    await dana.get('conversation:hand_back', { conversation_id })
    await visitor.next('agent:left')
  })

  it('see that the visitor types, and are seen to', async () => {
    const { visitor, conversation_id } = await ask()
    const dana = await enter()
    await dana.get('conversation:watch', { conversation_id })
    await visitor.ask('typing:set', { typing: true })
    assert.equal((await dana.next('typing:changed'))[0].typing, true)
    assert.equal((await dana.next('typing:changed'))[0].typing, false)
    await dana.get('conversation:take_over', { conversation_id })
    await dana.get('typing:set', { conversation_id, typing: true })
    assert.deepEqual(await visitor.next('typing:changed'), [{ author: 'agent', typing: true }])
    assert.deepEqual(await visitor.next('typing:changed'), [{ author: 'agent', typing: false }])
  })

  it('are told of the inbox, and nobody is where nobody watches', async () => {
    const before = await published()
    const { conversation_id } = await ask()
    await model.calls.take()
    assert.equal(await published(), before)
    const dana = await enter()
    const { conversations } = await dana.get('inbox:watch', {})
    assert.equal(conversations[0]?.id, conversation_id)
    await eventually(async () => assert.equal(await links[0].bus.listeners('inbox'), 1))
    const { visitor, conversation_id: later } = await ask()
    const [{ conversation }] = await dana.next('conversation:opened')
    assert.equal(conversation.id, later)
    const call = await model.calls.take()
    call.say('Hi')
    call.end()
    await updated(dana, later, 2)
    await visitor.ask('conversation:end', {})
    assert.equal((await dana.next('conversation:ended'))[0].conversation_id, later)
    dana.close()
    await eventually(async () => assert.equal(await links[0].bus.listeners('inbox'), 0))
  })

  it('are told of the inbox and of what they watch while Redis is away, and when it is back', async () => {
    const { visitor, conversation_id } = await ask()
    const call = await model.calls.take()
    const dana = await enter()
    await dana.get('inbox:watch', {})
    await dana.get('conversation:watch', { conversation_id })
    const away = Promise.all(links.map(({ presence }) => once(presence, 'away')))
    await own.stop()
    await away
    call.say('Still here.')
    call.end()
    await visitor.next('reply:end')
    const heard = dana.heard.all.length
    await eventually(() => {
      const since = dana.heard.all.slice(heard).map(({ event }) => event)
      assert.ok(since.includes('reply:end') && since.includes('conversation:updated'), since.join())
    })
    const { conversation_id: opened } = await ask()
    await model.calls.take()
    await updated(dana, opened, 1)
    await dana.get('conversation:take_over', { conversation_id: opened })

    const back = Promise.all(links.map(({ presence }) => once(presence, 'back')))
    await own.start()
    await back
    const { conversation_id: last } = await ask()
    const next = await model.calls.take()
    await updated(dana, last, 1)
    await dana.get('conversation:watch', { conversation_id: last })
    next.say('Together again.')
    next.end()
    const end = dana.heard.take(
      ({ event, args }) => event === 'reply:end' && args[0].conversation_id === last,
    )
    assert.ok(await end)
  })

  it('lose the sockets of a sign-in, at every node, when its spent refresh token comes again', async () => {
    const [here, there] = nodes
    const { email } = await makeAdmin(place.database, { clientKey: 'pk_demo' })
    const ask = (path: string, cookie = '', body?: object) =>
      fetch(`${here.url}/api/admin/${path}`, {
        method: 'POST',
        headers: { origin: here.url, cookie, 'content-type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
      })
    const signedIn = await ask('sign-in', '', { email, password: PASSWORD })
    const [, spent = ''] = /(parlor_refresh=[^;]+)/.exec(signedIn.headers.getSetCookie().join('; ')) ?? []
    const { access_token: token } = (await signedIn.json()) as { access_token: string }
    const dana = new Person(there.url, { token })
    open.push(dana)
    await dana.connected
    assert.equal((await ask('refresh', spent)).status, 200)
    await dana.get('inbox:watch', {})
    await place.database.run(LONG_AGO, [])
    assert.equal((await ask('refresh', spent)).status, 401)
    const began = performance.now()
    assert.equal((await dana.next('session:ended'))[0].reason, 'revoked')
    await dana.closed.take()
    assert.ok(performance.now() - began < CUT_OFF_MS)
    const again = new Person(there.url, { token })
    assert.equal((await again.refused.take()).code, 'unauthorized')
  })

  it('are cut off within a second wherever they are, also while Redis is away', async () => {
    const away = Promise.all(links.map(({ presence }) => once(presence, 'away')))
    await own.stop()
    await away
    const client = await makeClient(place.database)
    const visitors = nodes.map(({ url }) => new Visitor(url, { client_key: client.api_key }))
    open.push(...visitors)
    for (const visitor of visitors) await visitor.ready()
    const dana = await enter()
    await place.database.run(SHUT_CLIENT, [client.id])
    await place.database.run(SHUT_PERSON, [dana.id])
    const began = performance.now()
    await Promise.all([...visitors, dana].map(({ closed }) => closed.take()))
    const took = performance.now() - began
    assert.ok(took < CUT_OFF_MS, `it took ${Math.round(took)} ms`)
    const back = Promise.all(links.map(({ presence }) => once(presence, 'back')))
    await own.start()
    await back
  })
})
