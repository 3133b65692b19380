import assert from 'node:assert/strict'
import { createRateLimits } from '../../server/infra/rate-limit.ts'
import { makeSession } from '../support/factories.ts'
import { auditOf, keptHandoff, makeAdmin, setRules, setHandoffStage } from './stage.ts'

describe('A visitor who wants a person', () => {
  const stage = setHandoffStage({ looks: false })
  const send = (text: string, id = text) =>
    stage.node.conversations.receive(stage.visitor, { client_message_id: id, text })
  const ask = (session = stage.visitor, reason?: string) =>
    stage.node.handing.handoffs.request(session, reason === undefined ? {} : { reason })
  const withdraw = () => stage.node.handing.handoffs.withdraw(stage.visitor)
  const told = () =>
    stage.node.told.told.all.flatMap((one) => (one.event === 'handoff:changed' ? [one.args[0]] : []))

  it('is next in the queue, is told so, and goes on being answered by the AI', async () => {
    await send('Hello')
    assert.deepEqual(await ask(stage.visitor, ' My order\u202E is torn '), {
      ok: true,
      data: { state: 'requested', position: 1, team: { available: false } },
    })
    assert.deepEqual(told(), [{ state: 'requested', position: 1 }])
    const { state, handoff, handoff_by, handoff_reason, epoch } = await stage.kept()
    assert.deepEqual(
      [state, handoff, handoff_by, handoff_reason, epoch],
      ['ai', 'requested', 'visitor', 'My order is torn', 0],
    )
    const call = await stage.node.provider.calls.take()
    call.say('Meanwhile: it can be sent back.')
    call.end()
    assert.equal((await stage.node.told.next('reply:end'))[0].message.status, 'complete')
  })

  it('asks once, however often it asks', async () => {
    await send('Hello')
    const answers = await Promise.all([ask(), ask(), ask()])
    assert.ok(answers.every((answer) => answer.ok && answer.data.position === 1))
    assert.equal(told().length, 1)
    assert.deepEqual(await auditOf(stage.database, (await stage.kept()).id), ['handoff.requested'])
  })

  it('may ask before it has said anything, and after its conversation has ended', async () => {
    assert.equal((await ask()).ok, true)
    const [{ conversation }] = await stage.node.told.next('conversation:started')
    assert.equal((await stage.kept()).id, conversation.id)
    await stage.node.conversations.end(stage.visitor)
    const again = await ask()
    assert.deepEqual(again.ok && again.data, { state: 'requested', position: 1, team: { available: false } })
    assert.notEqual((await stage.kept()).id, conversation.id)
  })

  it('may take the wish back, and then waits no more', async () => {
    await send('Hello')
    await ask()
    assert.deepEqual(await withdraw(), { ok: true, data: { state: 'none' } })
    assert.deepEqual(await withdraw(), { ok: true, data: { state: 'none' } })
    assert.deepEqual(told(), [{ state: 'requested', position: 1 }, { state: 'none' }])
    assert.equal((await stage.kept()).handoff, 'none')
    assert.deepEqual(await auditOf(stage.database, (await stage.kept()).id), [
      'handoff.requested',
      'handoff.withdrawn',
    ])
  })

  it('is with a person once somebody comes, whom neither asking nor taking back sends away', async () => {
    await send('Hello')
    await ask()
    const { id: conversation_id } = await stage.kept()
    const admin = await makeAdmin(stage.database, stage.client.id)
    await stage.node.agents.takeOver({ client_id: stage.client.id, conversation_id, admin })
    const team = { available: false }
    assert.deepEqual(await ask(), { ok: true, data: { state: 'with_agent', team } })
    assert.deepEqual(await withdraw(), { ok: true, data: { state: 'with_agent' } })
    assert.deepEqual(told().at(-1), { state: 'with_agent' })
    assert.equal((await stage.kept()).agent_id, admin.id)
    await stage.node.agents.handBack({ client_id: stage.client.id, conversation_id, admin })
    assert.deepEqual((await stage.kept()).handoff, 'none')
  })

  it('finds its place in the queue when it comes again', async () => {
    const before = await makeSession(stage.database, stage.client)
    await ask(before)
    await send('Hello')
    await ask()
    const { conversation } = await stage.node.conversations.snapshot(stage.visitor, {})
    assert.deepEqual([conversation?.handoff, conversation?.handoff_position], ['requested', 2])
    await withdraw()
    const later = await stage.node.conversations.snapshot(stage.visitor, {})
    assert.deepEqual([later.conversation?.handoff, later.conversation?.handoff_position], ['none', undefined])
  })

  it('cannot ask where its business hands nothing over', async () => {
    await setRules(stage.database, stage.client.id, { offered: false })
    const refused = await ask()
    assert.equal(!refused.ok && refused.error.code, 'handoff_unavailable')
    assert.equal(await keptHandoff(stage.database, stage.visitor), undefined)
  })

  it('cannot ask before it has proved who it is, where its business wants that', async () => {
    await stage.database.sequelize.query('UPDATE clients SET identity_required = true WHERE id = $1', {
      bind: [stage.client.id],
    })
    const refused = await ask()
    assert.equal(!refused.ok && refused.error.code, 'identity_required')
  })

  it('cannot ask more than six times a minute', async () => {
    stage.node = await stage.start({ looks: false, rates: createRateLimits(() => 90_000) })
    for (let time = 0; time < 6; time += 1) assert.equal((await ask()).ok, true)
    const refused = await ask()
    assert.deepEqual(!refused.ok && [refused.error.code, refused.error.retry_after_ms], [
      'rate_limited',
      30_000,
    ])
  })
})
