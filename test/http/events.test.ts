import assert from 'node:assert/strict'
import { eventually } from '../support/eventually.ts'
import type { EventReader } from '../support/event-reader.ts'
import type { RestVisitor } from '../support/rest-visitor.ts'
import { setScriptedStage } from './scripted-stage.ts'

const SENTENCE = 'The quick brown 🦊 jumps over the lazy 🐕, שלום לכולם, and away it goes.'

describe('GET /api/v1/sessions/:session_id/events', () => {
  const stage = setScriptedStage({ streamLimits: { beatEvery: 100 } })
  const { model } = stage
  const newcomer = () => stage.newcomer()
  let sent = 0
  const send = async (visitor: RestVisitor, text = 'Hello') => {
    const answered = await visitor.post('messages', { client_message_id: `e${++sent}`, text })
    assert.equal(answered.status, 200)
    return model.calls.take()
  }
  const ids = (reader: EventReader) => reader.heard.all.map(({ id }) => id)

  it('begins with where the visitor stands, and goes on with all that happens', async () => {
    const visitor = await newcomer()
    const reader = visitor.listen()
    const ready = await reader.next('session:ready')
    assert.deepEqual(ready, {
      session_id: visitor.session.session_id,
      conversation: null,
      messages: [],
      has_more: false,
      tools_running: [],
      confirming: [],
      team: { available: false },
      contact_given: false,
    })
    const call = await send(visitor)
    call.say('Good ')
    await reader.next('reply:delta')
    call.say('morning')
    call.end()
    const { message } = await reader.next('reply:end')
    assert.equal(message.content, 'Good morning')
    assert.equal(reader.streamed(1), 'Good morning')
    const { conversation } = (await visitor.post<{ conversation: { id: string } }>('start', {})).body
    await reader.next('conversation:ended')
    assert.equal((await reader.next('conversation:started')).conversation.id, conversation.id)
  })

  it('numbers its events by seq, turn, attempt, offset and conversation', async () => {
    const visitor = await newcomer()
    const reader = visitor.listen()
    const call = await send(visitor)
    const { conversation } = await reader.next('conversation:started')
    await reader.next('reply:start')
    call.say('One, ')
    await reader.next('reply:delta')
    call.say('two.')
    await reader.next('reply:delta')
    call.end()
    await reader.next('reply:end')
    const places = ['0.0.0.0', '1.0.0.0', '1.1.1.0', '1.1.1.5', '1.1.1.9', '2.0.0.0']
    assert.deepEqual(ids(reader), ['0.0.0.0', ...places.map((place) => `${place}.${conversation.id}`)])
  })

  it('goes on at every position with what is missing, and nothing twice', async () => {
    const visitor = await newcomer()
    const first = visitor.listen()
    const call = await send(visitor, 'Tell me')
    await first.next('reply:start')
    for (const piece of SENTENCE.split(/(?<= )/)) {
      call.say(piece)
      await first.next('reply:delta')
    }
    const positions = ids(first).map((id) => id ?? '')
    const readers = positions.map((id) => [id, visitor.listen('', { 'last-event-id': id })] as const)
    for (const [id, reader] of readers) {
      const ready = await reader.next('session:ready')
      const [seq = 0, turn, , offset = 0] = id.split('.').map(Number)
      assert.deepEqual(
        ready.messages.map((message) => message.seq),
        seq === 0 ? [1] : [],
        id,
      )
      assert.equal(ready.reply?.offset, turn === 0 ? 0 : offset, id)
    }
    call.say(' The end.')
    call.end()
    for (const [id, reader] of readers) {
      const { message } = await reader.next('reply:end')
      const [, turn, , offset] = id.split('.').map(Number)
      const known = turn === 0 ? '' : SENTENCE.slice(0, offset)
      assert.equal(reader.streamed(1, known), message.content, id)
    }
    const back = visitor.listen('', { 'last-event-id': readers[0]![1].lastId })
    const ready = await back.next('session:ready')
    assert.deepEqual([ready.messages, ready.reply], [[], undefined])
  })

  it('goes on after a message that the address names; a last event counts before it', async () => {
    const visitor = await newcomer()
    for (const text of ['One', 'Two']) {
      const call = await send(visitor, text)
      call.say('Yes')
      call.end()
      while ((await visitor.history()).body.messages.at(-1)?.role !== 'assistant');
    }
    const seqs = async (reader: EventReader) =>
      (await reader.next('session:ready')).messages.map((message) => message.seq)
    assert.deepEqual(await seqs(visitor.listen('?last_seq=2')), [3, 4])
    assert.deepEqual(await seqs(visitor.listen('?last_seq=2', { 'last-event-id': '3.0.0.0' })), [4])
    const other = '?last_seq=2&conversation_id=00000000-0000-4000-8000-000000000000'
    assert.deepEqual(await seqs(visitor.listen(other)), [1, 2, 3, 4])
  })

  it('tells everything of the next conversation to who missed its beginning', async () => {
    const visitor = await newcomer()
    const reader = visitor.listen()
    ;(await send(visitor)).end()
    await reader.next('reply:end')
    reader.close()
    await visitor.post('start', {})
    ;(await send(visitor, 'Anew')).end()
    const ready = await visitor.listen('', { 'last-event-id': reader.lastId }).next('session:ready')
    assert.equal(ready.messages[0]?.content, 'Anew')
  })

  it('is heard by every stream and socketless tab alike, the sender’s own too', async () => {
    const visitor = await newcomer()
    const readers = [visitor.listen(), visitor.listen()]
    for (const reader of readers) await reader.next('session:ready')
    ;(await send(visitor, 'Hello')).end()
    for (const reader of readers) {
      assert.equal((await reader.next('message:created')).message.content, 'Hello')
      await reader.next('reply:end')
    }
  })

  it('is opened by the session’s token alone, and to no foreign page’s eyes', async () => {
    const visitor = await newcomer()
    const other = await newcomer()
    const foreign = { authorization: `Bearer ${other.session.session_token ?? ''}` }
    assert.equal((await visitor.listen('', foreign).refusal()).body['code'], 'session_invalid')
    assert.equal((await visitor.listen('', { authorization: '' }).refusal()).body['code'], 'unauthorized')
    const seen = visitor.listen('', { origin: 'https://evil.example' })
    assert.equal((await seen.answered).headers['access-control-allow-origin'], undefined)
    const own = visitor.listen('', { origin: 'http://localhost:5173' })
    assert.equal((await own.answered).headers['access-control-allow-origin'], 'http://localhost:5173')
  })

  it('refuses queries and last events that are none', async () => {
    const visitor = await newcomer()
    for (const query of ['?last_seq=-1', '?last_seq=x', '?conversation_id=7', '?other=1']) {
      assert.equal((await visitor.listen(query).refusal()).body['code'], 'invalid_payload', query)
    }
    for (const id of ['7', '1.2.3', 'x', '1.1.1.1.1', '99999999999.0.0.0', '2147483648.0.0.0', '1.1.1.-1']) {
      const { body } = await visitor.listen('', { 'last-event-id': id }).refusal()
      assert.equal(body['code'], 'invalid_payload', id)
    }
  })

  it('shows signs of life while nothing happens', async () => {
    const reader = (await newcomer()).listen()
    await reader.next('session:ready')
    for (let beat = 0; beat < 3; beat++) await reader.beats.take()
  })

  it('answers HEAD without opening anything', async () => {
    const visitor = await newcomer()
    const { session_id, session_token = '' } = visitor.session
    const response = await fetch(`${stage.app.url}/api/v1/sessions/${session_id}/events`, {
      method: 'HEAD',
      headers: { authorization: `Bearer ${session_token}` },
    })
    assert.equal(response.status, 200)
    assert.equal(response.headers.get('content-type'), 'text/event-stream')
    await eventually(async () => {
      assert.match(await (await fetch(`${stage.app.url}/metrics`)).text(), /^parlor_streams_open 0$/m)
    })
  })

  it('ends with a word when the server goes away, and who waits for an answer is told how to go on', async () => {
    const visitor = await newcomer()
    const listening = visitor.listen()
    await listening.next('session:ready')
    const streaming = visitor.streamChat('Hello', 'm1')
    await streaming.next('chat:accepted')
    const waiting = visitor.chat('Hello', 'm1')
    const call = await model.calls.take()
    call.say('Once upon')
    await streaming.next('reply:delta')
    await eventually(async () => {
      assert.match(await (await fetch(`${stage.app.url}/metrics`)).text(), /^parlor_answers_awaited [1-9]/m)
    })
    // Its answer runs on beyond the drain's limit.
    await stage.app.stop()
    const { reconnect_in_ms } = await listening.next('server:draining')
    assert.ok(reconnect_in_ms >= 0)
    await streaming.next('server:draining')
    assert.deepEqual([await listening.ended, await streaming.ended], [true, true])
    const { status, body } = await waiting
    assert.deepEqual([status, body.code, body.client_message_id], [503, 'draining', 'm1'])
  })
})
