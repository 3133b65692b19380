import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Handoff } from '../../protocol/records.ts'
import { openRedis, type Redis } from '../../server/infra/redis/redis.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { openTestDatabase, silentLog, type TestDatabase } from '../support/databases.ts'
import { eventually } from '../support/eventually.ts'
import { startOwnRedis, type OwnRedis } from '../support/own-redis.ts'
import { addPerson, demoClient, JWT_SECRET, Person } from '../support/person.ts'
import { ScriptedProvider } from '../support/scripted-provider.ts'
import { returning, Visitor } from '../support/visitor.ts'

const LIMITS = { connect: 2_000, command: 2_000, retry: { shortest: 10, longest: 50 } }

/** Two servers over one database and one Redis, and visitors of both in one queue. */
describe('A queue for a person over two nodes', function () {
  this.timeout(60_000)
  const model = new ScriptedProvider()
  const open: { close(): void }[] = []
  let own: OwnRedis
  let place: TestDatabase
  let links: [Redis, Redis]
  let nodes: [TestApp, TestApp]

  before(async () => {
    own = await startOwnRedis()
    place = await openTestDatabase()
    const link = () => openRedis(own.url, silentLog, LIMITS)
    links = [await link(), await link()]
    const start = (redis: Redis) =>
      startApp({ provider: model, redis, place, env: { JWT_SECRET }, handoffLimits: { lookEvery: 100 } })
    nodes = [await start(links[0]), await start(links[1])]
  })
  after(async () => {
    for (const node of nodes) await node.stop()
    for (const link of links) link.close()
    await place.close()
    await own.close()
  })
  afterEach(async () => {
    for (const one of open.splice(0)) one.close()
    await place.database.sequelize.query(
      `UPDATE conversations SET handoff = 'none' WHERE handoff = 'requested'`,
    )
  })

  const visit = async (node: TestApp, auth: Record<string, unknown> = {}) => {
    const tab = new Visitor(node.url, auth)
    open.push(tab)
    return { tab, ready: await tab.ready() }
  }
  const told = async (tab: Visitor, wanted: Handoff) => {
    await tab.heard.take(({ event, args }) => {
      const [{ state, position }] = args as [Handoff]
      return event === 'handoff:changed' && state === wanted.state && position === wanted.position
    })
  }
  const conversationOf = async (tab: Visitor) => {
    const synced = await tab.ask('session:sync', { last_seq: 0 })
    return synced.ok ? (synced.data.conversation?.id ?? '') : ''
  }

  it('moves for visitors of the one when somebody is taken on the other, who hears of them at once', async () => {
    const kept = await addPerson(place.database, { client: await demoClient(place.database) })
    const dana = new Person(nodes[1].url, { token: kept.token })
    open.push(dana)
    await dana.connected
    await dana.get('inbox:watch', {})
    await eventually(async () => assert.equal(await links[0].bus.listeners('inbox'), 1))
    const [first, second] = [await visit(nodes[0]), await visit(nodes[0])]
    const { tab: elsewhere } = await visit(nodes[1], returning(second.ready))
    await first.tab.ask('handoff:request', {})
    await second.tab.ask('handoff:request', {})
    for (const tab of [second.tab, elsewhere]) await told(tab, { state: 'requested', position: 2 })
    const conversation_id = await conversationOf(first.tab)
    await dana.heard.take(
      ({ event, args }) =>
        (event === 'conversation:opened' || event === 'conversation:updated') &&
        args[0].conversation.id === conversation_id &&
        args[0].conversation.handoff_request?.by === 'visitor',
    )
    await dana.get('conversation:take_over', { conversation_id })
    await told(first.tab, { state: 'with_agent' })
    for (const tab of [second.tab, elsewhere]) await told(tab, { state: 'requested', position: 1 })
  })

  it('moves, and ends, while Redis is away', async () => {
    const [first, second] = [await visit(nodes[0]), await visit(nodes[1])]
    for (const { tab } of [first, second]) await tab.ask('handoff:request', {})
    await told(second.tab, { state: 'requested', position: 2 })
    const away = links.map(({ presence }) => once(presence, 'away'))
    await own.stop()
    await Promise.all(away)
    await first.tab.ask('handoff:withdraw', {})
    await told(second.tab, { state: 'requested', position: 1 })
    const lapsed = await conversationOf(second.tab)
    await place.database.sequelize.query('UPDATE conversations SET handoff_until = now() WHERE id = $1', {
      bind: [lapsed],
    })
    await told(second.tab, { state: 'none' })
    await eventually(() => {
      const { all } = second.tab.heard
      assert.ok(
        all.some(({ event, args }) => event === 'message:created' && args[0].message.role === 'system'),
      )
    })
  })
})
