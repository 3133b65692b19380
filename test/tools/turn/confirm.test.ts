import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { ToolConfirm } from '../../../protocol/widget.ts'
import { eventually } from '../../support/eventually.ts'
import { makeVisitor, rowsWhere } from '../../support/heart.ts'
import * as n8n from '../../support/stand-in-n8n.ts'
import type { ToolNode } from './stage.ts'
import { setToolStage } from './tool-stage.ts'

describe('A call that its visitor has to confirm', () => {
  let node: ToolNode
  const stage = setToolStage({
    answers: { '/refund': n8n.json({ refunded: true }), '/find_order': n8n.json({ status: 'shipped' }) },
    tools: { find_order: {}, refund: { set: { policy: 'confirm', label: 'Refund the order' } } },
  })
  beforeEach(async () => {
    node = await stage.start()
    await node.send(stage.shop.visitor, 'Give me my money back')
  })

  const ask = async (order = '1001'): Promise<ToolConfirm> => {
    const [question] = await node.asks(['refund', { order }])
    assert.ok(question)
    return question
  }
  const answer = (question: { call_id: string }, approved: boolean, visitor = stage.shop.visitor) =>
    node.heart.conversations.answer(visitor, { call_id: question.call_id, approved })
  const refusal = async (answered: ReturnType<typeof answer>) => {
    const result = await answered
    return result.ok ? 'ok' : result.error.code
  }
  const confirming = async (visitor = stage.shop.visitor) =>
    (await node.heart.conversations.snapshot(visitor, {})).confirming
  const made = () => stage.standIn.calls.all.length

  it('is shown exactly, and made once the visitor says yes', async () => {
    const question = await ask()
    const { call_id, expires_at, ...shown } = question
    assert.deepEqual(shown, { turn: 1, label: 'Refund the order', arguments: { order: '1001' } })
    const left = Date.parse(expires_at) - Date.now()
    assert.ok(left > 590_000 && left <= 601_000)
    assert.deepEqual(await confirming(), [question])
    assert.equal(made(), 0)

    assert.deepEqual(await answer(question, true), { ok: true, data: { approved: true } })
    const [result] = await node.reads()
    assert.match(result?.content ?? '', /"refunded":true/)
    await node.says('It is on its way.')
    const { text, headers } = await stage.standIn.calls.take()
    const { arguments: given, visitor } = JSON.parse(text) as Record<string, unknown>
    assert.deepEqual([given, visitor], [{ order: '1001' }, { user_id: null, verified: false }])
    assert.equal(headers['idempotency-key'], call_id)
    const told = node.told.told.all.filter(({ event }) => event.startsWith('tool:'))
    assert.deepEqual(
      told.map(({ event }) => event),
      ['tool:confirm', 'tool:confirmed', 'tool:start', 'tool:end'],
    )
    assert.deepEqual(told[1]?.args, [{ turn: 1, call_id, approved: true, how: 'visitor' }])
    assert.deepEqual([made(), await confirming()], [1, []])
  })

  it('is made with what was shown, whatever cannot be', async () => {
    const question = await ask('10\u000001 \ud83d')
    assert.deepEqual(question.arguments, { order: '1001 \ufffd' })
    await answer(question, true)
    const { text } = await stage.standIn.calls.take()
    assert.deepEqual((JSON.parse(text) as { arguments: unknown }).arguments, question.arguments)
    await node.says('Done.')
  })

  it('is not made when the visitor says no, which the model reads and the record keeps', async () => {
    const question = await ask()
    await answer(question, false)
    const [result] = await node.reads()
    assert.deepEqual([result?.failed, /was asked, and said no/.test(result?.content ?? '')], [true, true])
    await node.says('As you wish.')
    const [row] = await rowsWhere<{ success: boolean }>(
      stage.place.database,
      'tool_executions',
      'client_id',
      stage.shop.visitor.client_id,
    )
    assert.deepEqual([row?.success, made()], [false, 0])
  })

  it('is not made when the time is over, and a yes after it is refused', async () => {
    await node.stop()
    node = await stage.start(stage.place.database, { limits: { confirm: 50 } })
    const question = await ask()
    const [confirmed] = await node.told.next('tool:confirmed')
    const { call_id } = question
    assert.deepEqual(confirmed, { turn: 1, call_id, approved: false, how: 'expired' })
    const [result] = await node.reads()
    assert.match(result?.content ?? '', /did not answer in time/)
    for (const approved of [true, false])
      assert.equal(await refusal(answer(question, approved)), 'confirmation_closed')
    await node.says('Ask me again if you like.')
    assert.equal(made(), 0)
  })

  it('is not made when the yes comes too late, whether or not anybody has noticed', async () => {
    await node.stop()
    node = await stage.start(stage.place.database, {
      limits: { confirm: 50, confirmLook: 600_000 },
    })
    const question = await ask()
    await eventually(async () => assert.deepEqual(await confirming(), []))
    assert.equal(await refusal(answer(question, true)), 'confirmation_closed')
    await node.heart.conversations.stop(stage.shop.visitor, { turn: 1 })
    await node.told.next('reply:end')
    assert.equal(made(), 0)
  })

  it('is not made when the visitor writes something else, which is answered next', async () => {
    const question = await ask()
    await node.send(stage.shop.visitor, 'Or rather, can I exchange it?')
    const [confirmed] = await node.told.next('tool:confirmed')
    assert.deepEqual([confirmed.approved, confirmed.how], [false, 'message'])
    const [result] = await node.reads()
    assert.match(result?.content ?? '', /wrote something else instead/)
    assert.equal(await refusal(answer(question, true)), 'confirmation_closed')
    assert.equal(await refusal(answer(question, false)), 'ok')
    await node.says('That was not done.')
    const next = await node.provider.calls.take()
    assert.match(JSON.stringify(next.request.messages.at(-1)), /exchange it/)
    next.end({ text: 'Of course.' })
    await node.told.next('reply:end')
    assert.equal(made(), 0)
  })

  it('is not made when the visitor had written something else before it was asked', async () => {
    const call = await node.provider.calls.take()
    call.say('I will see. ')
    await node.send(stage.shop.visitor, 'No, leave it')
    call.end({ stop: 'tools', calls: [{ id: 'c', name: 'refund', arguments: { order: '1' } }] })
    const [confirmed] = await node.told.next('tool:confirmed')
    assert.equal(confirmed.how, 'message')
    assert.equal(node.told.count('tool:confirm'), 0)
    await node.says('It was not done.')
    await node.says('I left it.')
    assert.equal(made(), 0)
  })

  it('takes the same answer as often as it comes, and the opposite never', async () => {
    const question = await ask()
    assert.equal(await refusal(answer(question, true)), 'ok')
    assert.equal(await refusal(answer(question, true)), 'ok')
    assert.equal(await refusal(answer(question, false)), 'confirmation_closed')
    await node.reads()
    await node.says('Done.')
    assert.equal(await refusal(answer(question, true)), 'ok')
    assert.equal(await refusal(answer(question, false)), 'confirmation_closed')
    assert.equal(made(), 1)
  })

  it('has one answer where both are given at once', async () => {
    const question = await ask()
    const both = await Promise.all([true, false].map((approved) => refusal(answer(question, approved))))
    assert.deepEqual(both.sort(), ['confirmation_closed', 'ok'])
    await node.reads()
    await node.says('So be it.')
    assert.ok(made() <= 1)
  })

  it('can be answered by nobody but the visitor who was asked', async () => {
    const question = await ask()
    const stranger = await makeVisitor(stage.place.database)
    assert.equal(await refusal(answer(question, true, stranger)), 'not_found')
    assert.equal(await refusal(answer({ call_id: `${randomUUID()}.1.0.0` }, true)), 'not_found')
    assert.deepEqual(await confirming(stranger), [])
    assert.deepEqual(await confirming(), [question])
    await answer(question, false)
    await node.says('Well.')
    assert.equal(made(), 0)
  })

  it('waits beside others of its step, each for its own answer', async () => {
    const [first, second] = await node.asks(['refund', { order: '1' }], ['refund', { order: '2' }])
    assert.ok(first && second)
    assert.deepEqual(
      (await confirming()).map(({ call_id }) => call_id).sort(),
      [first.call_id, second.call_id].sort(),
    )
    await answer(second, true)
    await stage.standIn.calls.take()
    await answer(first, false)
    const results = await node.reads()
    const said = new Map(
      [first, second].map(({ call_id, arguments: { order } }) => [call_id.slice(-1), order]),
    )
    for (const [index, { failed }] of results.entries())
      assert.equal(failed, said.get(String(index)) === first.arguments['order'])
    await node.says('One of the two.')
    assert.equal(made(), 1)
  })

  it('is not asked for where its arguments do not fit', async () => {
    const [result] = await node.calls(['refund', { order: 7 }])
    assert.match(result?.content ?? '', /must be string/)
    await node.says('Which order?')
    assert.equal(node.told.count('tool:confirm'), 0)
  })

  it('is dropped with its turn when the visitor stops it', async () => {
    const question = await ask()
    assert.ok((await node.heart.conversations.stop(stage.shop.visitor, { turn: 1 })).ok)
    const [{ message }] = await node.told.next('reply:end')
    assert.equal(message.status, 'stopped')
    assert.equal(await refusal(answer(question, true)), 'confirmation_closed')
    assert.deepEqual([made(), await confirming()], [0, []])
  })

  it('is dropped with its turn when a person takes over', async () => {
    const question = await ask()
    const admin = { id: randomUUID(), name: 'Dana' }
    const place = {
      client_id: stage.shop.visitor.client_id,
      conversation_id: question.call_id.slice(0, 36),
      admin,
    }
    assert.ok((await node.heart.agents.takeOver(place)).ok)
    const [{ message }] = await node.told.next('reply:end')
    assert.equal(message.status, 'interrupted')
    assert.equal(await refusal(answer(question, true)), 'confirmation_closed')
    assert.equal(made(), 0)
  })

  it('is dropped with its turn when the conversation ends, and the next one’s is another', async () => {
    const question = await ask()
    assert.ok((await node.heart.conversations.end(stage.shop.visitor)).ok)
    await node.told.next('reply:end')
    await node.send(stage.shop.visitor, 'Once more: my money!')
    const again = await ask()
    assert.equal(await refusal(answer(question, true)), 'confirmation_closed')
    assert.deepEqual([again.turn, await confirming()], [1, [again]])
    await answer(again, true)
    await node.reads()
    await node.says('Done.')
    assert.equal(made(), 1)
  })

  it('is no work for its node', async () => {
    await node.stop()
    node = await stage.start(stage.place.database, { limits: { atOnce: 1 } })
    const question = await ask()
    assert.deepEqual([node.heart.runningTurns(), node.heart.saturation.isBusy], [1, false])
    stage.standIn.on('/refund', n8n.silent)
    await answer(question, true)
    await stage.standIn.calls.take()
    assert.equal(node.heart.saturation.isBusy, true)
    await node.heart.conversations.stop(stage.shop.visitor, { turn: 1 })
    await node.told.next('reply:end')
  })
})
