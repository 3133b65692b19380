import assert from 'node:assert/strict'
import type { EventReader } from '../support/event-reader.ts'
import { setScriptedStage } from './scripted-stage.ts'

const SENTENCE = 'The quick brown 🦊 jumps over the lazy 🐕, שלום לכולם, and away it goes.'

describe('POST /api/v1/chat, as it is written', () => {
  const stage = setScriptedStage()
  const { model } = stage
  const newcomer = () => stage.newcomer()
  const names = (reader: EventReader) => reader.heard.all.map(({ event }) => event)

  it('tells that the message is saved, the text piece by piece, and the final message', async () => {
    const visitor = stage.visitor()
    const reader = visitor.streamChat('Tell me', 'm1')
    const response = await reader.answered
    assert.equal(response.statusCode, 200)
    assert.equal(response.headers['content-type'], 'text/event-stream')
    assert.match(response.headers['cache-control'] ?? '', /no-store/)
    const accepted = await reader.next('chat:accepted')
    assert.match(accepted.session_token ?? '', /^[\w-]{43}$/)
    assert.deepEqual([accepted.message.seq, accepted.client_message_id], [1, 'm1'])
    const call = await model.calls.take()
    for (const word of SENTENCE.split(/(?<= )/)) {
      call.say(word)
      await reader.next('reply:delta')
    }
    call.end({ sources: [{ title: 'Fables' }] })
    const { turn, message } = await reader.next('reply:end')
    assert.deepEqual([message.content, message.sources], [SENTENCE, [{ title: 'Fables' }]])
    assert.equal(reader.streamed(turn), SENTENCE)
    assert.equal(await reader.ended, true)
    assert.deepEqual(
      [...new Set(names(reader))],
      ['chat:accepted', 'reply:start', 'reply:delta', 'reply:end'],
    )
  })

  it('numbers its events by seq, turn, attempt and the offset after each', async () => {
    const visitor = await newcomer()
    const reader = visitor.streamChat('Tell me')
    const call = await model.calls.take()
    call.say('One, ')
    await reader.next('reply:delta')
    call.say('two.')
    await reader.next('reply:delta')
    call.end()
    await reader.ended
    assert.deepEqual(
      reader.heard.all.map(({ id }) => id),
      ['1.0.0.0', '1.1.1.0', '1.1.1.5', '1.1.1.9', '2.0.0.0'],
    )
  })

  it('goes on at every position: the missing text, then the rest, to the character', async () => {
    const visitor = await newcomer()
    const first = visitor.streamChat('Tell me', 'm1')
    const call = await model.calls.take()
    const pieces = SENTENCE.split(/(?<= )/)
    for (const piece of pieces) {
      call.say(piece)
      await first.next('reply:delta')
    }
    const positions = first.heard.all.map(({ id }) => id ?? '')
    const readers = positions.map(
      (id) => [id, visitor.streamChat('Tell me', 'm1', { 'last-event-id': id })] as const,
    )
    for (const [, reader] of readers) await reader.next('chat:accepted')
    call.say(' The end.')
    call.end()
    for (const [id, reader] of readers) {
      const { turn, message } = await reader.next('reply:end')
      const [, ofTurn, , offset] = id.split('.').map(Number)
      const known = ofTurn === 0 ? '' : SENTENCE.slice(0, offset)
      assert.equal(reader.streamed(turn, known), `${SENTENCE} The end.`, id)
      assert.equal(message.content, `${SENTENCE} The end.`)
      assert.equal(names(reader).filter((event) => event === 'reply:end').length, 1)
      assert.equal(names(reader).includes('reply:start'), offset === 0, `${id} is told of a beginning`)
    }
    assert.equal(model.calls.all.length, 1)
  })

  it('tells the whole text to who knows another attempt, or more than there is', async () => {
    const visitor = await newcomer()
    void visitor.streamChat('Tell me', 'm1')
    const call = await model.calls.take()
    call.say('Once upon')
    for (const id of ['1.1.7.4', '1.2.1.4', '1.1.1.4000', '']) {
      const reader = visitor.streamChat('Tell me', 'm1', { 'last-event-id': id })
      const delta = await reader.next('reply:delta')
      assert.deepEqual([delta.offset, delta.text], [0, 'Once upon'], id)
      assert.deepEqual(names(reader), ['chat:accepted', 'reply:start', 'reply:delta'])
      reader.close()
    }
  })

  it('tells the final message alone to who comes back when it is over', async () => {
    const visitor = await newcomer()
    const reader = visitor.streamChat('Tell me', 'm1')
    const call = await model.calls.take()
    call.say('Once upon')
    await reader.next('reply:delta')
    reader.close()
    call.say(' a time')
    call.end()
    const waiting = await visitor.chat('Tell me', 'm1')
    assert.equal(waiting.body.response, 'Once upon a time')
    for (const id of [reader.lastId, '', '2.0.0.0']) {
      const back = visitor.streamChat('Tell me', 'm1', { 'last-event-id': id })
      const { message } = await back.next('reply:end')
      assert.equal(message.content, 'Once upon a time')
      assert.equal(await back.ended, true)
      assert.deepEqual(names(back), ['chat:accepted', 'reply:end'])
    }
  })

  it('leaves out the answer that was being given when the message came', async () => {
    const visitor = await newcomer()
    const first = visitor.streamChat('First', 'm1')
    const call = await model.calls.take()
    call.say('To the ')
    await first.next('reply:delta')
    const second = visitor.streamChat('Second', 'm2')
    await second.next('chat:accepted')
    call.say('first.')
    call.end()
    const next = await model.calls.take()
    next.say('To the second.')
    next.end()
    assert.equal((await second.next('reply:end')).message.content, 'To the second.')
    assert.equal((await first.next('reply:end')).message.content, 'To the first.')
    assert.equal(second.streamed(2), 'To the second.')
    assert.equal(
      second.heard.all.some((one) => one.event === 'reply:delta' && one.data.turn === 1),
      false,
    )
    assert.equal(
      first.heard.all.some((one) => one.event === 'reply:delta' && one.data.turn === 2),
      false,
    )
  })

  it('begins anew when a further message joins', async () => {
    const visitor = await newcomer()
    const reader = visitor.streamChat('Hello', 'm1')
    await model.calls.take()
    // Told as it happens: a reader that comes when all is over hears of the end alone.
    await reader.next('reply:start')
    await visitor.post('messages', { client_message_id: 'm2', text: 'Are you there?' })
    const joined = await model.calls.take()
    await reader.next('reply:start')
    joined.say('I am')
    joined.end()
    const { message } = await reader.next('reply:end')
    assert.equal(message.answers_to, 2)
    const starts = reader.heard.all.flatMap((one) =>
      one.event === 'reply:start' ? [one.data.answers_to] : [],
    )
    assert.deepEqual(starts, [1, 2])
    assert.equal(reader.streamed(1), 'I am')
  })

  it('says that nobody answers where a person has the conversation', async () => {
    const visitor = await newcomer()
    const reader = visitor.streamChat('Hello', 'm1')
    ;(await model.calls.take()).end({ text: '' })
    await reader.ended
    await stage.app.place.database.sequelize.query(
      `UPDATE conversations SET state = 'agent', epoch = epoch + 1, agent_id = gen_random_uuid() WHERE session_id = $1`,
      { bind: [visitor.session.session_id] },
    )
    const second = visitor.streamChat('A person, please', 'm2')
    assert.deepEqual(await second.next('chat:unanswered'), { handled_by: 'agent' })
    assert.equal(await second.ended, true)
  })

  it('says why the turn failed', async () => {
    const visitor = await newcomer()
    const reader = visitor.streamChat('Hello')
    ;(await model.calls.take()).end({ text: '' })
    const { message, failure } = await reader.next('reply:end')
    assert.deepEqual([message.status, failure], ['failed', 'empty_answer'])
  })

  it('refuses before it streams: another text under the same id', async () => {
    const visitor = await newcomer()
    const reader = visitor.streamChat('Hello', 'm1')
    ;(await model.calls.take()).end()
    await reader.ended
    const { status, body } = await visitor.streamChat('Goodbye', 'm1').refusal()
    assert.deepEqual([status, body['code'], body['client_message_id']], [409, 'message_id_reused', 'm1'])
  })
})
