import assert from 'node:assert/strict'
import type { VisitorSession } from '../../server/auth/visitor-session.ts'
import type { ModelMessage, ToolCall } from '../../server/llm/provider.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { makeClient, makeSession, type TestClient } from '../support/factories.ts'
import { HASTY } from '../support/heart.ts'
import type { ScriptedCall } from '../support/scripted-provider.ts'
import {
  auditOf,
  keptHandoff,
  makeAdmin,
  setRules,
  startHandoffNode,
  type HandoffNode,
  type NodeChanges,
} from './stage.ts'

const HAND_OVER: ToolCall = {
  id: 'c1',
  name: 'hand_over',
  arguments: { reason: 'Wants a refund of order 4711' },
}

describe('hand_over', () => {
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
    node = await start()
  })
  afterEach(async () => {
    for (const one of nodes) await one.stop()
  })

  const start = async (changes: NodeChanges = {}) => {
    const started = await startHandoffNode(place.database, { looks: false, ...changes })
    nodes.push(started)
    return started
  }
  let sent = 0
  const send = (text = 'I want a person') =>
    node.conversations.receive(visitor, { client_message_id: `m${++sent}`, text })
  const kept = () => keptHandoff(place.database, visitor)
  /** Of this test's client: the turns that earlier tests left open go on too. */
  const nextCall = (by = node) => by.provider.calls.take(({ request }) => request.client_id === client.id)
  /** The call of the model that comes after it has called this. */
  const called = async (call: ScriptedCall, made: ToolCall = HAND_OVER, by = node) => {
    call.end({ calls: [made], stop: 'tools' })
    return nextCall(by)
  }
  const read = ({ request }: ScriptedCall) => {
    const last = request.messages.at(-1) as ModelMessage & { role: 'tool' }
    return last.results[0]!.content
  }

  it('is offered, and tells the model and the visitor where in the queue the conversation is', async () => {
    await node.handing.handoffs.request(await makeSession(place.database, client), {})
    await send()
    const first = await nextCall()
    assert.ok(first.request.tools.some(({ name }) => name === 'hand_over'))
    assert.doesNotMatch(first.request.system.moment, /person/)
    await makeAdmin(place.database, client.id)
    const second = await called(first)
    assert.match(read(second), /^A person has been asked for\. Nobody of the team is there at the moment/)
    assert.match(read(second), /in 5 minutes, the visitor is told so/)
    second.say('I have asked our team.')
    second.end()
    const { message } = (await node.told.next('reply:end'))[0]
    assert.deepEqual([message.status, message.content], ['complete', 'I have asked our team.'])
    const { handoff, handoff_by, handoff_reason } = await kept()
    assert.deepEqual(
      [handoff, handoff_by, handoff_reason],
      ['requested', 'ai', 'Wants a refund of order 4711'],
    )
    assert.deepEqual(
      node.told.told.all.flatMap((one) =>
        one.event === 'handoff:changed' && one.to.session_id === visitor.id ? one.args : [],
      ),
      [{ state: 'requested', position: 2 }],
    )
  })

  it('tells a later turn that a person was asked for already, and changes nothing when it calls again', async () => {
    await send()
    const first = await called(await nextCall())
    first.end()
    await node.told.next('reply:end')
    await send('Is somebody coming?')
    const later = await nextCall()
    assert.match(
      later.request.system.moment,
      /A person of the team has been asked for and has not joined yet/,
    )
    assert.match(read(await called(later)), /^A person has been asked for before/)
    assert.deepEqual(await auditOf(place.database, (await kept()).id), ['handoff.requested'])
  })

  it('asks once when the turn begins anew on another node, also after the visitor took the wish back', async () => {
    const owner = await start({ turns: HASTY })
    node = owner
    await send()
    await called(await nextCall(owner))
    const other = await start({ turns: HASTY })
    await owner.handing.handoffs.withdraw(visitor)
    await owner.stop()
    nodes = nodes.filter((one) => one !== owner)
    const again = await nextCall(other)
    assert.match(read(again), /nobody could come, or the visitor took the wish back/)
    assert.equal((await kept()).handoff, 'none')
    assert.deepEqual(await auditOf(place.database, (await kept()).id), [
      'handoff.requested',
      'handoff.withdrawn',
    ])
  })

  it('says nothing more where a person has taken over, or the conversation has ended', async () => {
    const to = { client_id: client.id, session_id: visitor.id, conversation_id: '' }
    const handOver = async () =>
      node.handing.handOver({ ...to, conversation_id: (await kept()).id }, { key: '1.0.0', reason: 'x' })
    await send()
    const admin = await makeAdmin(place.database, client.id)
    await node.agents.takeOver({ client_id: client.id, conversation_id: (await kept()).id, admin })
    assert.deepEqual(await handOver(), { state: 'with_agent' })
    await node.conversations.end(visitor)
    assert.deepEqual(await handOver(), { state: 'ended' })
  })

  it('says who is there, and how long it took lately', async () => {
    const expected = async () => {
      await send()
      const result = await node.handing.handOver(
        { client_id: client.id, session_id: visitor.id, conversation_id: (await kept()).id },
        { key: `${String(sent)}.0.0`, reason: 'x' },
      )
      await node.handing.handoffs.withdraw(visitor)
      return result.state === 'requested' ? [result.staffed, result.expected_minutes] : result.state
    }
    const admin = await makeAdmin(place.database, client.id)
    const seen = (role: string) =>
      place.database.sequelize.query('UPDATE admins SET last_seen_at = now(), role = $2 WHERE id = $1', {
        bind: [admin.id, role],
      })
    assert.deepEqual(await expected(), [false, null])
    await seen('analyst')
    assert.deepEqual(await expected(), [false, null])
    await seen('agent')
    assert.deepEqual(await expected(), [true, null])
    for (let time = 0; time < 3; time += 1) {
      const other = await makeSession(place.database, client)
      await node.handing.handoffs.request(other, {})
      const { id } = await keptHandoff(place.database, other)
      await place.database.sequelize.query(
        `UPDATE audit_log SET at = at - interval '130 seconds' WHERE conversation_id = $1`,
        { bind: [id] },
      )
      await node.agents.takeOver({ client_id: client.id, conversation_id: id, admin })
    }
    assert.deepEqual(await expected(), [true, 3])
  })

  it('takes whatever a model writes as the reason', async () => {
    for (const arguments_ of [{}, { reason: 7 }, { reason: '\0' }, { reason: 'x'.repeat(2_000) }]) {
      visitor = await makeSession(place.database, client)
      await send()
      const call = await nextCall()
      await called(call, { ...HAND_OVER, arguments: arguments_ })
      const { handoff, handoff_reason } = await kept()
      assert.equal(handoff, 'requested')
      assert.ok(handoff_reason === null || handoff_reason.length === 500)
    }
  })

  it('is not offered where the business hands nothing over, nor spoken of', async () => {
    await setRules(place.database, client.id, { offered: false })
    await send()
    const { request } = await nextCall()
    assert.ok(request.tools.every(({ name }) => name !== 'hand_over'))
    assert.doesNotMatch(request.system.stable, /hand_over/)
  })
})
