import assert from 'node:assert/strict'
import type { VisitorSession } from '../../server/auth/visitor-session.ts'
import { createRateLimits } from '../../server/infra/rate-limit.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { makeClient, makeSession, type TestClient } from '../support/factories.ts'
import {
  auditOf,
  keptHandoff,
  makeAdmin,
  setRules,
  startHandoffNode,
  type HandoffNode,
  type NodeChanges,
} from './stage.ts'

describe('A visitor who wants a person', () => {
  let place: TestDatabase
  let client: TestClient
  let visitor: VisitorSession
  let node: HandoffNode
  let nodes: HandoffNode[]

  before(async () => {
    place = await openTestDatabase()
  })
  after(() => place.close())
  beforeEach(async () => {
    nodes = []
    client = await makeClient(place.database)
    visitor = await makeSession(place.database, client, { locale: 'en' })
    node = await start({ looks: false })
  })
  afterEach(async () => {
    for (const one of nodes) await one.stop()
  })

  const start = async (changes: NodeChanges = {}) => {
    const started = await startHandoffNode(place.database, changes)
    nodes.push(started)
    return started
  }
  const send = (text: string, id = text) =>
    node.conversations.receive(visitor, { client_message_id: id, text })
  const ask = (session = visitor, reason?: string) =>
    node.handing.handoffs.request(session, reason === undefined ? {} : { reason })
  const withdraw = () => node.handing.handoffs.withdraw(visitor)
  const kept = () => keptHandoff(place.database, visitor)
  const told = () =>
    node.told.told.all.flatMap((one) => (one.event === 'handoff:changed' ? [one.args[0]] : []))

  it('is next in the queue, is told so, and goes on being answered by the AI', async () => {
    await send('Hello')
    assert.deepEqual(await ask(visitor, ' My order\u202E is torn '), {
      ok: true,
      data: { state: 'requested', position: 1 },
    })
    assert.deepEqual(told(), [{ state: 'requested', position: 1 }])
    const { state, handoff, handoff_by, handoff_reason, epoch } = await kept()
    assert.deepEqual(
      [state, handoff, handoff_by, handoff_reason, epoch],
      ['ai', 'requested', 'visitor', 'My order is torn', 0],
    )
    const call = await node.provider.calls.take()
    call.say('Meanwhile: it can be sent back.')
    call.end()
    assert.equal((await node.told.next('reply:end'))[0].message.status, 'complete')
  })

  it('asks once, however often it asks', async () => {
    await send('Hello')
    const answers = await Promise.all([ask(), ask(), ask()])
    assert.ok(answers.every((answer) => answer.ok && answer.data.position === 1))
    assert.equal(told().length, 1)
    assert.deepEqual(await auditOf(place.database, (await kept()).id), ['handoff.requested'])
  })

  it('may ask before it has said anything, and after its conversation has ended', async () => {
    assert.equal((await ask()).ok, true)
    const [{ conversation }] = await node.told.next('conversation:started')
    assert.equal((await kept()).id, conversation.id)
    await node.conversations.end(visitor)
    const again = await ask()
    assert.deepEqual(again.ok && again.data, { state: 'requested', position: 1 })
    assert.notEqual((await kept()).id, conversation.id)
  })

  it('may take the wish back, and then waits no more', async () => {
    await send('Hello')
    await ask()
    assert.deepEqual(await withdraw(), { ok: true, data: { state: 'none' } })
    assert.deepEqual(await withdraw(), { ok: true, data: { state: 'none' } })
    assert.deepEqual(told(), [{ state: 'requested', position: 1 }, { state: 'none' }])
    assert.equal((await kept()).handoff, 'none')
    assert.deepEqual(await auditOf(place.database, (await kept()).id), [
      'handoff.requested',
      'handoff.withdrawn',
    ])
  })

  it('is with a person once somebody comes, whom neither asking nor taking back sends away', async () => {
    await send('Hello')
    await ask()
    const { id: conversation_id } = await kept()
    const admin = await makeAdmin(place.database, client.id)
    await node.agents.takeOver({ client_id: client.id, conversation_id, admin })
    for (const answer of [await ask(), await withdraw()])
      assert.deepEqual(answer, { ok: true, data: { state: 'with_agent' } })
    assert.deepEqual(told().at(-1), { state: 'with_agent' })
    assert.equal((await kept()).agent_id, admin.id)
    await node.agents.handBack({ client_id: client.id, conversation_id, admin })
    assert.deepEqual((await kept()).handoff, 'none')
  })

  it('finds its place in the queue when it comes again', async () => {
    const before = await makeSession(place.database, client)
    await ask(before)
    await send('Hello')
    await ask()
    const { conversation } = await node.conversations.snapshot(visitor, {})
    assert.deepEqual([conversation?.handoff, conversation?.handoff_position], ['requested', 2])
    await withdraw()
    const later = await node.conversations.snapshot(visitor, {})
    assert.deepEqual([later.conversation?.handoff, later.conversation?.handoff_position], ['none', undefined])
  })

  it('cannot ask where its business hands nothing over', async () => {
    await setRules(place.database, client.id, { offered: false })
    const refused = await ask()
    assert.equal(!refused.ok && refused.error.code, 'handoff_unavailable')
    assert.equal(await keptHandoff(place.database, visitor), undefined)
  })

  it('cannot ask before it has proved who it is, where its business wants that', async () => {
    await place.database.sequelize.query('UPDATE clients SET identity_required = true WHERE id = $1', {
      bind: [client.id],
    })
    const refused = await ask()
    assert.equal(!refused.ok && refused.error.code, 'identity_required')
  })

  it('cannot ask more than six times a minute', async () => {
    node = await start({ looks: false, rates: createRateLimits(() => 90_000) })
    for (let time = 0; time < 6; time += 1) assert.equal((await ask()).ok, true)
    const refused = await ask()
    assert.deepEqual(!refused.ok && [refused.error.code, refused.error.retry_after_ms], [
      'rate_limited',
      30_000,
    ])
  })
})
