import assert from 'node:assert/strict'
import type { Person } from '../../support/person.ts'
import type { Visitor } from '../../support/visitor.ts'
import { adminStage } from './stage.ts'

/** Fails when anything of the AI was told after a person had joined. */
function saidNothingAfterAgent(who: Visitor | Person): void {
  const events = who.heard.all.map(({ event }): string => event)
  const joined = events.indexOf('agent:joined')
  assert.ok(joined >= 0)
  assert.deepEqual(
    events.slice(joined).filter((event) => event === 'reply:start' || event === 'reply:delta'),
    [],
  )
}

describe('Who takes a conversation over', () => {
  const stage = adminStage()
  const { model } = stage

  it('silences the AI in mid-word for everybody, speaks, and hands back', async () => {
    const { visitor, conversation_id } = await stage.ask('Hello')
    const dana = await stage.enter({ client: stage.shop, name: 'Dana' })
    const noa = await stage.enter({ client: stage.shop, role: 'analyst' })
    await dana.get('conversation:watch', { conversation_id })
    await noa.get('conversation:watch', { conversation_id })
    const call = await model.calls.take()
    call.say('I will tell you a lo')
    await visitor.next('reply:delta')
    const taking = dana.get('conversation:take_over', { conversation_id })
    for (let piece = 0; piece < 50; piece++) {
      call.say('ng ')
      await new Promise(setImmediate)
    }
    const { conversation } = await taking
    assert.deepEqual([conversation.state, conversation.handoff], ['agent', 'with_agent'])
    assert.equal((await visitor.next('agent:joined'))[0].name, 'Dana')
    const joined = await noa.next('agent:joined')
    assert.deepEqual([joined[0].conversation_id, joined[0].epoch], [conversation_id, conversation.epoch])

    const sent = { conversation_id, client_message_id: 'a1', text: 'Dana here.' }
    const { message } = await dana.get('message:send', sent)
    assert.deepEqual((await dana.get('message:send', sent)).message, message)
    assert.deepEqual((await visitor.next('message:created'))[0].message, message)
    const reused = await dana.ask('message:send', { ...sent, text: 'Another text' })
    assert.equal(!reused.ok && reused.error.code, 'message_id_reused')
    await visitor.send('m2', 'Hi Dana')
    for (const who of [visitor, dana, noa]) saidNothingAfterAgent(who)

    await dana.get('conversation:hand_back', { conversation_id })
    assert.equal((await noa.next('agent:left'))[0].conversation_id, conversation_id)
    const next = await model.calls.take()
    next.say('Back again.')
    next.end()
    const ends = noa.heard.take((one) => one.event === 'reply:end' && one.args[0].message.answers_to === 4)
    assert.ok(await ends)
  })

  it('cannot speak before, nor hand back what another has', async () => {
    const { conversation_id } = await stage.ask()
    const dana = await stage.enter({ client: stage.shop })
    const omer = await stage.enter({ client: stage.shop, name: 'Omer' })
    const text = { conversation_id, client_message_id: 'a1', text: 'Hello' }
    const early = await dana.ask('message:send', text)
    assert.equal(!early.ok && early.error.code, 'not_taken_over')
    await dana.get('conversation:take_over', { conversation_id })
    for (const answer of [
      await omer.ask('message:send', text),
      await omer.ask('conversation:hand_back', { conversation_id }),
      await omer.ask('typing:set', { conversation_id, typing: true }),
    ])
      assert.equal(!answer.ok && answer.error.code, 'not_taken_over')
    await omer.get('conversation:take_over', { conversation_id })
    await omer.get('message:send', text)
  })

  it('is told no more of what the AI was saying, where it begins to watch only then', async () => {
    const { visitor, conversation_id } = await stage.ask()
    const call = await model.calls.take()
    call.say('This is ')
    await visitor.next('reply:delta')
    const dana = await stage.enter({ client: stage.shop })
    const taking = dana.get('conversation:take_over', { conversation_id })
    const { reply, conversation } = await dana.get('conversation:watch', { conversation_id })
    await taking
    assert.ok(reply === undefined || reply.epoch >= conversation.epoch)
  })
})
