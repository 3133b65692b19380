import assert from 'node:assert/strict'
import { engineUnderTest } from '../support/app.ts'
import type { EventReader } from '../support/event-reader.ts'
import { eventually } from '../support/eventually.ts'
import { rounds } from '../support/rounds.ts'
import type { ScriptedCall } from '../support/scripted-provider.ts'
import { setScriptedStage } from './scripted-stage.ts'

/** More than the buffers of the system hold for one connection, and then more than we do. */
const PIECES = 320
const PIECE = 50_000
const UNREAD = 256 * 1024

const SESSIONS = rounds(50)
const CHATS = 10
const LISTENERS = 10

/** Both write to one kind of stream: what the other engine does with that, one of them shows. */
const DOORS = engineUnderTest() === 'uws' ? (['chat', 'events'] as const) : (['events'] as const)

describe('Streams under load', function () {
  this.timeout(60_000)
  const stage = setScriptedStage({
    streamLimits: { unreadBytes: UNREAD },
    // Server, readers and model share a loop: a turn that is late is not to be another node's.
    turnLimits: { lease: 60_000, silentAfter: 50_000 },
  })
  const { model } = stage
  const newcomer = () => stage.newcomer()
  const counted = async (name: string) => {
    const text = await (await fetch(`${stage.app.url}/metrics`)).text()
    return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1])
  }
  const open = async () => [await counted('parlor_streams_open'), await counted('parlor_answers_awaited')]

  for (const door of DOORS) {
    it(`cut off who does not read, of ${door}; others are not concerned, and it goes on from its last event`, async () => {
      const visitor = await newcomer()
      const slow = door === 'chat' ? visitor.streamChat('Tell me', 'm1') : visitor.listen()
      await (door === 'chat' ? slow.next('chat:accepted') : slow.next('session:ready'))
      const healthy = visitor.streamChat('Tell me', 'm1')
      const call = await model.calls.take()
      await healthy.next('reply:start')
      await slow.pause()
      const said = await say(call, healthy)
      // The engine would give it up as well, but later.
      await eventually(async () => assert.deepEqual(await open(), [1, 1]), 5_000)
      await slow.resume()
      assert.equal(await slow.ended, false)
      const got = slow.streamed(1)
      assert.ok(got.length > 0 && got.length < said.length, `${got.length} of ${said.length}`)
      assert.ok(said.startsWith(got))
      const headers = { 'last-event-id': slow.lastId }
      const back =
        door === 'chat' ? visitor.streamChat('Tell me', 'm1', headers) : visitor.listen('', headers)
      await (door === 'chat' ? back.next('reply:delta') : back.next('session:ready'))
      call.say('The end.')
      call.end()
      const { message } = await back.next('reply:end')
      assert.equal(back.streamed(1, got), message.content)
      assert.equal((await healthy.next('reply:end')).message.content, message.content)
      assert.equal(healthy.streamed(1), message.content)
    })
  }

  it('are freed when who waited has gone: while waiting, before the first word, in the middle', async () => {
    const visitor = await newcomer()
    const waiting = new AbortController()
    const { session_id, session_token = '' } = visitor.session
    const waits = fetch(`${stage.app.url}/api/v1/chat`, {
      method: 'POST',
      headers: { authorization: `Bearer ${session_token}` },
      body: JSON.stringify({
        client_api_key: 'pk_demo',
        session_id,
        message: 'Hello',
        client_message_id: 'm1',
      }),
      signal: waiting.signal,
    })
    const listening = visitor.listen()
    await listening.next('session:ready')
    const early = visitor.streamChat('Hello', 'm1')
    const late = visitor.streamChat('Hello', 'm1')
    const call = await model.calls.take()
    await Promise.all([early.next('chat:accepted'), late.next('chat:accepted')])
    await eventually(async () => assert.deepEqual(await open(), [3, 3]))
    early.close()
    await eventually(async () => assert.deepEqual(await open(), [2, 2]))
    call.say('Good ')
    await late.next('reply:delta')
    late.close()
    waiting.abort()
    await assert.rejects(waits)
    listening.close()
    await eventually(async () => assert.deepEqual(await open(), [0, 0]))
    call.say('morning')
    call.end()
    assert.equal((await visitor.chat('Hello', 'm1')).body.response, 'Good morning')
  })

  it(`are ${SESSIONS * (LISTENERS + CHATS)} at once, each told every word and ended as it should`, async () => {
    const sessions = await Promise.all(Array.from({ length: SESSIONS }, newcomer))
    const listening = sessions.map((one) => repeat(LISTENERS, () => one.listen()))
    await heardBy(listening.flat(), 'session:ready')
    const chatting = sessions.map((one, index) =>
      repeat(CHATS, () => one.streamChat(`Question ${index}`, 'm1')),
    )
    await heardBy(chatting.flat(), 'chat:accepted')
    assert.deepEqual(await open(), [SESSIONS * (LISTENERS + CHATS), SESSIONS * CHATS])
    const calls: ScriptedCall[] = []
    while (calls.length < SESSIONS) calls.push(await model.calls.take())
    for (let word = 0; word < 5; word++) {
      for (const call of calls) call.say(`${word} to ${questionOf(call)}. `)
      await new Promise(setImmediate)
    }
    for (const call of calls) call.end()
    for (const [index, readers] of [...listening, ...chatting].entries()) {
      const question = `Question ${index % SESSIONS}`
      const expected = [0, 1, 2, 3, 4].map((word) => `${word} to ${question}. `).join('')
      for (const reader of readers) {
        const { message } = await reader.next('reply:end')
        assert.deepEqual([message.content, reader.streamed(1)], [expected, expected])
      }
    }
    for (const reader of chatting.flat()) assert.equal(await reader.ended, true)
    for (const one of sessions) one.close()
    await eventually(async () => assert.deepEqual(await open(), [0, 0]))
  })
})

function repeat(times: number, open: () => EventReader): EventReader[] {
  return Array.from({ length: times }, open)
}

async function heardBy(readers: EventReader[], event: 'session:ready' | 'chat:accepted'): Promise<void> {
  await Promise.all(readers.map((reader) => reader.next(event)))
}

function questionOf(call: ScriptedCall): string {
  return /Question \d+/.exec(JSON.stringify(call.request.messages))?.[0] ?? ''
}

/** Says pieces that all differ, as fast as `reader` hears them, and gives all that was said. */
async function say(call: ScriptedCall, reader: EventReader): Promise<string> {
  let said = ''
  for (let i = 0; i < PIECES; i++) {
    const piece = `${i} 🦊 `.padEnd(PIECE, String(i % 10))
    call.say(piece)
    said += piece
    await reader.next('reply:delta')
  }
  return said
}
