import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { openRawWebSocket } from '../sockets/raw-websocket.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { ScriptedProvider, type ScriptedCall } from '../support/scripted-provider.ts'
import { Visitor } from '../support/visitor.ts'
import { inTime } from './in-time.ts'

const READY = '42/widget,["session:ready",'
const DELTA = '42/widget,["reply:delta",'

/** More than the buffers of the system and of the server hold together for one connection. */
const PIECES = 160
const PIECE = 100_000

/** Putting so much together may hold a slow machine's loop for longer than a lease. */
const PATIENT = { lease: 60_000, silentAfter: 50_000 }

describe('A visitor who stops reading in the middle of an answer', function () {
  this.timeout(60_000)
  let app: TestApp
  const model = new ScriptedProvider()

  before(async () => (app = await startApp({ provider: model, turnLimits: PATIENT })))
  after(() => app.close())

  it('has got a part without a hole, is cut off, and on return goes on from there to the exact text', async () => {
    const raw = await openRawWebSocket(Number(new URL(app.url).port))
    raw.send('40/widget,{"client_key":"pk_demo","protocol":1}')
    const ready = await raw.text((text) => text.startsWith(READY))
    const [auth] = [
      JSON.parse(ready.slice(READY.length, -1)) as { session_id: string; session_token: string },
    ]
    raw.send('42/widget,1["message:send",{"client_message_id":"m1","text":"Tell me"}]')
    const call = await model.calls.take()
    await raw.text((text) => text.includes('"reply:start"'))
    raw.socket.pause()

    let said = await say(call, PIECES, PIECE)
    raw.socket.resume()
    // Now there is room again: what got through would come after a hole.
    said += await say(call, 500, 20)
    await inTime(raw.closed)
    const { turn, attempt, text } = readDeltas(raw.texts())
    assert.ok(
      text.length > 0 && text.length < said.length,
      `${text.length} of ${said.length} units were read`,
    )
    assert.ok(said.startsWith(text))

    const { session_id, session_token } = auth
    const reply = { turn, attempt, offset: text.length }
    const back = new Visitor(app.url, { session_id, session_token, last_seq: 1, reply })
    const state = await back.ready()
    assert.deepEqual(state.messages, [])
    assert.equal(state.reply?.offset, text.length)
    call.say('The end.')
    call.end()
    const [{ message }] = await back.next('reply:end')
    assert.equal(message.content, `${said}The end.`)
    assert.equal(back.streamed(turn, text), message.content)
    back.close()
  })
})

/** Says pieces that all differ, as fast as the event loop takes them, and gives all that was said. */
async function say(call: ScriptedCall, pieces: number, size: number): Promise<string> {
  let said = ''
  for (let i = 0; i < pieces; i++) {
    const piece = `${i} 🦊 `.padEnd(size, String(i % 10))
    call.say(piece)
    said += piece
    await new Promise((resolve) => setImmediate(resolve))
  }
  return said
}

/** What the deltas come to, which must follow one another without a hole. */
function readDeltas(frames: string[]): { turn: number; attempt: number; text: string } {
  const read = { turn: 0, attempt: 0, text: '' }
  for (const frame of frames.filter((text) => text.startsWith(DELTA))) {
    const delta = JSON.parse(`[${frame.slice(DELTA.length)}`) as [number, number, number, string]
    const [turn, attempt, offset, piece] = delta
    assert.equal(offset, read.text.length, 'a hole')
    Object.assign(read, { turn, attempt, text: read.text + piece })
  }
  return read
}
