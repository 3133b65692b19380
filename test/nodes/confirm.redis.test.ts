import assert from 'node:assert/strict'
import { createSecrets } from '../../server/infra/secrets.ts'
import { openRedis, type Redis } from '../../server/infra/redis/redis.ts'
import { startApp, testConfig, type TestApp } from '../support/app.ts'
import { openTestDatabase, silentLog, type TestDatabase } from '../support/databases.ts'
import { startOwnRedis, type OwnRedis } from '../support/own-redis.ts'
import { RestVisitor } from '../support/rest-visitor.ts'
import { ScriptedProvider } from '../support/scripted-provider.ts'
import * as n8n from '../support/stand-in-n8n.ts'
import { returning, Visitor } from '../support/visitor.ts'
import { setUpTools } from '../tools/turn/stage.ts'

const LIMITS = { connect: 2_000, command: 2_000, retry: { shortest: 10, longest: 50 } }

/** So rarely does a node look for what it is not told that a test which needed it would be over. */
const NEVER = 600_000

/** Two servers over one database and one Redis; the first asks, the second is where visitors answer. */
describe('A question on one of two nodes', () => {
  const model = new ScriptedProvider()
  const open: { close(): void }[] = []
  let own: OwnRedis
  let place: TestDatabase
  let standIn: n8n.StandIn
  let links: [Redis, Redis]
  let nodes: [TestApp, TestApp]

  before(async () => {
    own = await startOwnRedis()
    place = await openTestDatabase()
    standIn = await n8n.startStandIn()
    standIn.on('/refund', n8n.json({ refunded: true }))
    const link = () => openRedis(own.url, silentLog, LIMITS)
    links = [await link(), await link()]
    const env = { OUTBOUND_ALLOW: standIn.hostAndPort }
    const start = (redis: Redis) =>
      startApp({ provider: model, redis, place, env, turnLimits: { confirmLook: NEVER, drain: NEVER } })
    nodes = [await start(links[0]), await start(links[1])]
    const tools = { refund: { set: { policy: 'confirm' } } }
    await setUpTools(place.database, 'pk_demo', {
      ...{ standIn, tools },
      secrets: createSecrets(testConfig().secrets),
    })
  })
  after(async () => {
    for (const node of nodes) await node.stop()
    for (const link of links) link.close()
    await standIn.close()
    await place.close()
    await own.close()
  })
  beforeEach(() => {
    model.calls.clear()
    standIn.calls.clear()
  })
  afterEach(() => {
    for (const one of open.splice(0)) one.close()
  })

  const tab = (node: 0 | 1, auth: Record<string, unknown> = {}) => {
    const visitor = new Visitor(nodes[node].url, auth)
    open.push(visitor)
    return visitor
  }
  /** A visitor whose turn runs on the first node, and who is asked. */
  const asked = async () => {
    const here = tab(0)
    const ready = await here.ready()
    const there = tab(1, returning(ready))
    await there.ready()
    await here.send(crypto.randomUUID(), 'My money')
    ;(await model.calls.take()).end({
      stop: 'tools',
      calls: [{ id: 'c1', name: 'refund', arguments: { order: '1001' } }],
    })
    const [question] = await here.next('tool:confirm')
    return { here, there, ready, question }
  }
  const ends = async (tabs: Visitor[]) => {
    const call = await model.calls.take()
    call.say('So it is.')
    call.end()
    for (const one of tabs) assert.equal((await one.next('reply:end'))[0].message.content, 'So it is.')
  }

  it('is shown on both, to those who come too, and answered on the other', async () => {
    const { here, there, ready, question } = await asked()
    assert.deepEqual(await there.next('tool:confirm'), [question])
    assert.deepEqual((await tab(1, returning(ready)).ready()).confirming, [question])
    const { call_id } = question
    assert.ok((await there.ask('tool:answer', { call_id, approved: true })).ok)
    const confirmed = { turn: 1, call_id, approved: true, how: 'visitor' }
    for (const one of [here, there]) assert.deepEqual(await one.next('tool:confirmed'), [confirmed])
    await ends([here, there])
    assert.equal(standIn.calls.all.length, 1)
  })

  it('is answered on the other by who listens nowhere', async () => {
    const { here, there, ready, question } = await asked()
    for (const one of [here, there]) one.close()
    const rest = new RestVisitor(nodes[1].url, ready)
    open.push(rest)
    const { call_id } = question
    assert.equal((await rest.post('confirm', { call_id, approved: true })).status, 200)
    await standIn.calls.take()
    await ends([])
  })

  it('is answered with no by a message to the other', async () => {
    const { here, there } = await asked()
    await there.send(crypto.randomUUID(), 'Forget it')
    for (const one of [here, there]) assert.equal((await one.next('tool:confirmed'))[0].how, 'message')
    await ends([here, there])
    await ends([here, there])
    assert.equal(standIn.calls.all.length, 0)
  })

  it('goes on at the other as soon as its own goes away', async () => {
    const { there, question } = await asked()
    await there.next('tool:confirm')
    await nodes[0].stop()
    assert.deepEqual(await there.next('tool:confirm'), [question])
    const { call_id } = question
    assert.ok((await there.ask('tool:answer', { call_id, approved: true })).ok)
    await ends([there])
    assert.equal(standIn.calls.all.length, 1)
  })
})
