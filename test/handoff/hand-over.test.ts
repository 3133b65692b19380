import assert from 'node:assert/strict'
import type { ModelMessage, ToolCall } from '../../server/llm/provider.ts'
import { makeSession } from '../support/factories.ts'
import { HASTY } from '../support/heart.ts'
import type { ScriptedCall } from '../support/scripted-provider.ts'
import { auditOf, keptHandoff, makeAdmin, setRules, setHandoffStage } from './stage.ts'

const HAND_OVER: ToolCall = {
  id: 'c1',
  name: 'hand_over',
  arguments: { reason: 'Wants a refund of order 4711' },
}

describe('hand_over', () => {
  const stage = setHandoffStage({ looks: false })
  let sent = 0
  const send = (text = 'I want a person') =>
    stage.node.conversations.receive(stage.visitor, { client_message_id: `m${++sent}`, text })
  /** The call of the model that comes after it has called this. */
  const called = async (call: ScriptedCall, made: ToolCall = HAND_OVER, by = stage.node) => {
    call.end({ calls: [made], stop: 'tools' })
    return stage.nextCall(by)
  }
  const read = ({ request }: ScriptedCall) => {
    const last = request.messages.at(-1) as ModelMessage & { role: 'tool' }
    return last.results[0]!.content
  }

  it('is offered, and tells the model and the visitor where in the queue the conversation is', async () => {
    await stage.node.handing.handoffs.request(await makeSession(stage.database, stage.client), {})
    await send()
    const first = await stage.nextCall()
    assert.ok(first.request.tools.some(({ name }) => name === 'hand_over'))
    assert.doesNotMatch(first.request.system.moment, /person/)
    await makeAdmin(stage.database, stage.client.id)
    const second = await called(first)
    assert.match(read(second), /^A person has been asked for\. Nobody of the team is there at the moment/)
    assert.match(read(second), /in 5 minutes, the visitor is told so/)
    second.say('I have asked our team.')
    second.end()
    const { message } = (await stage.node.told.next('reply:end'))[0]
    assert.deepEqual([message.status, message.content], ['complete', 'I have asked our team.'])
    const { handoff, handoff_by, handoff_reason } = await stage.kept()
    assert.deepEqual(
      [handoff, handoff_by, handoff_reason],
      ['requested', 'ai', 'Wants a refund of order 4711'],
    )
    assert.deepEqual(
      stage.node.told.told.all.flatMap((one) =>
        one.event === 'handoff:changed' && one.to.session_id === stage.visitor.id ? one.args : [],
      ),
      [{ state: 'requested', position: 2 }],
    )
  })

  it('tells a later turn that a person was asked for already, and changes nothing when it calls again', async () => {
    await send()
    const first = await called(await stage.nextCall())
    first.end()
    await stage.node.told.next('reply:end')
    await send('Is somebody coming?')
    const later = await stage.nextCall()
    assert.match(
      later.request.system.moment,
      /A person of the team has been asked for and has not joined yet/,
    )
    assert.match(read(await called(later)), /^A person has been asked for before/)
    assert.deepEqual(await auditOf(stage.database, (await stage.kept()).id), ['handoff.requested'])
  })

  it('asks once when the turn begins anew on another node, also after the visitor took the wish back', async () => {
    const owner = await stage.start({ turns: HASTY })
    stage.node = owner
    await send()
    await called(await stage.nextCall(owner))
    const other = await stage.start({ turns: HASTY })
    await owner.handing.handoffs.withdraw(stage.visitor)
    await stage.stop(owner)
    const again = await stage.nextCall(other)
    assert.match(read(again), /nobody could come, or the visitor took the wish back/)
    assert.equal((await stage.kept()).handoff, 'none')
    assert.deepEqual(await auditOf(stage.database, (await stage.kept()).id), [
      'handoff.requested',
      'handoff.withdrawn',
    ])
  })

  it('says nothing more where a person has taken over, or the conversation has ended', async () => {
    const to = { client_id: stage.client.id, session_id: stage.visitor.id, conversation_id: '' }
    const handOver = async () =>
      stage.node.handing.handOver(
        { ...to, conversation_id: (await stage.kept()).id },
        { key: '1.0.0', reason: 'x' },
      )
    await send()
    const admin = await makeAdmin(stage.database, stage.client.id)
    await stage.node.agents.takeOver({
      client_id: stage.client.id,
      conversation_id: (await stage.kept()).id,
      admin,
    })
    assert.deepEqual(await handOver(), { state: 'with_agent' })
    await stage.node.conversations.end(stage.visitor)
    assert.deepEqual(await handOver(), { state: 'ended' })
  })

  it('says who is there, and how long it took lately', async () => {
    const expected = async () => {
      await send()
      const result = await stage.node.handing.handOver(
        {
          client_id: stage.client.id,
          session_id: stage.visitor.id,
          conversation_id: (await stage.kept()).id,
        },
        { key: `${String(sent)}.0.0`, reason: 'x' },
      )
      await stage.node.handing.handoffs.withdraw(stage.visitor)
      return result.state === 'requested' ? [result.team.staffed, result.expected_minutes] : result.state
    }
    const admin = await makeAdmin(stage.database, stage.client.id)
    const seen = (role: string) =>
      stage.database.sequelize.query('UPDATE admins SET last_seen_at = now(), role = $2 WHERE id = $1', {
        bind: [admin.id, role],
      })
    assert.deepEqual(await expected(), [false, null])
    await seen('analyst')
    assert.deepEqual(await expected(), [false, null])
    await seen('agent')
    assert.deepEqual(await expected(), [true, null])
    for (let time = 0; time < 3; time += 1) {
      const other = await makeSession(stage.database, stage.client)
      await stage.node.handing.handoffs.request(other, {})
      const { id } = await keptHandoff(stage.database, other)
      await stage.database.sequelize.query(
        `UPDATE audit_log SET at = at - interval '130 seconds' WHERE conversation_id = $1`,
        { bind: [id] },
      )
      await stage.node.agents.takeOver({ client_id: stage.client.id, conversation_id: id, admin })
    }
    assert.deepEqual(await expected(), [true, 3])
  })

  it('takes whatever a model writes as the reason', async () => {
    for (const arguments_ of [{}, { reason: 7 }, { reason: '\0' }, { reason: 'x'.repeat(2_000) }]) {
      stage.visitor = await makeSession(stage.database, stage.client)
      await send()
      const call = await stage.nextCall()
      await called(call, { ...HAND_OVER, arguments: arguments_ })
      const { handoff, handoff_reason } = await stage.kept()
      assert.equal(handoff, 'requested')
      assert.ok(handoff_reason === null || handoff_reason.length === 500)
    }
  })

  it('is not offered where the business hands nothing over, nor spoken of', async () => {
    await setRules(stage.database, stage.client.id, { offered: false })
    await send()
    const { request } = await stage.nextCall()
    assert.ok(request.tools.every(({ name }) => name !== 'hand_over'))
    assert.doesNotMatch(request.system.stable, /hand_over/)
  })
})
