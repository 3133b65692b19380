import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { forServer, forVisitors, type ChatEvent, type Outcome, type Session } from '../../client/index.ts'
import { defineModels } from '../../models/index.ts'
import { ChatReply } from '../../protocol/chat.ts'
import { createSecretKeys } from '../../server/auth/secret-keys.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { eventually } from '../support/eventually.ts'
import { ScriptedProvider } from '../support/scripted-provider.ts'
import { startSeverableProxy, type SeverableProxy } from '../support/severable-proxy.ts'
import { assertFits } from '../support/told-as-promised.ts'

const TEXT = 'The quick brown 🦊 jumps over the lazy 🐕, שלום לכולם.'

describe('The typed client', () => {
  let app: TestApp
  let model: ScriptedProvider
  let proxy: SeverableProxy
  before(async () => {
    model = new ScriptedProvider()
    app = await startApp({ provider: model })
    proxy = await startSeverableProxy(app.url)
  })
  after(async () => {
    await proxy.close()
    await app.close()
  })
  beforeEach(() => model.calls.clear())

  const visitors = (url = app.url) => forVisitors({ url, clientKey: 'pk_demo' })
  const begin = async (url?: string): Promise<Session> =>
    given(await visitors(url).startSession({ locale: 'en' }))

  it('chats for a visitor: waits for the answer, and finds it in the history', async () => {
    const session = await begin()
    const asked = session.chat('Hello, one?', { client_message_id: 'm1' })
    const call = await model.calls.take()
    call.say('Hi!')
    call.end()
    const reply = given(await asked)
    assertFits(ChatReply, reply, 'chat')
    assert.deepEqual([reply.response, reply.handled_by, reply.client_message_id], ['Hi!', 'assistant', 'm1'])
    const page = given(await visitors().session(session.credential).history({ limit: 10 }))
    assert.deepEqual(
      page.messages.map(({ content }) => content),
      ['Hello, one?', 'Hi!'],
    )
  })

  it('asks whatever else a visitor can', async () => {
    const session = await begin()
    assert.deepEqual(given(await session.setTyping(true)), {})
    const { message } = given(await session.send('Hello, two?', { client_message_id: 'm1' }))
    assert.deepEqual([message.seq, message.client_message_id], [1, 'm1'])
    const call = await model.calls.take()
    call.say('Well')
    assert.deepEqual(given(await session.stop(1)), { stopped: true })
    assert.deepEqual(given(await session.requestHandoff('torn')), {
      state: 'requested',
      position: 1,
      team: { available: false },
    })
    assert.deepEqual(given(await session.withdrawHandoff()), { state: 'none' })
    assert.equal(given(await session.end()).conversation?.state, 'ended')
    assert.equal(given(await session.startConversation()).conversation.message_count, 0)
    assert.equal(given(await visitors().config()).client.name, 'Acme Outfitters')
    assert.equal(given(await visitors().call('GET /healthz', {})).engine, app.engine)
  })

  it('reads an answer as it is written, and hangs up when nobody reads on', async () => {
    const session = await begin()
    const heard: ChatEvent['event'][] = []
    const reading = read(session.streamChat('Tell me three'), (event) => heard.push(event.event))
    const call = await model.calls.take()
    // Of an answer that is over before its reader listens, only the end is told.
    await eventually(() => assert.ok(heard.includes('reply:start')))
    for (const piece of TEXT.split(/(?<= )/)) call.say(piece)
    call.end()
    assert.equal(await reading, TEXT)
    assert.deepEqual([...new Set(heard)], ['chat:accepted', 'reply:start', 'reply:delta', 'reply:end'])

    let asked: AbortSignal | null | undefined
    const watched: typeof fetch = (address, settings) => {
      asked = settings?.signal
      return fetch(address, settings)
    }
    const impatient = forVisitors({ url: app.url, clientKey: 'pk_demo', fetch: watched })
    for await (const { event } of impatient.session(session.credential).streamChat('Tell me more')) {
      assert.equal(event, 'chat:accepted')
      assert.equal(asked?.aborted, false)
      break
    }
    assert.equal(asked?.aborted, true)
    ;(await model.calls.take()).end()
  })

  it('opens a broken stream again, and reads on to the character', async () => {
    const session = visitors(proxy.url).session((await begin()).credential)
    let heard = ''
    const reading = read(session.streamChat('Tell me four'), (_, text) => (heard = text))
    const call = await model.calls.take()
    let said = ''
    for (const [index, piece] of TEXT.split(/(?<= )/).entries()) {
      said += piece
      call.say(piece)
      await eventually(() => assert.equal(heard, said))
      if (index >= 3) continue
      proxy.sever()
      proxy.mend()
    }
    call.end()
    assert.equal(await reading, TEXT)
    assert.equal(given(await session.history()).messages.length, 2)
  })

  it('hears everything that the visitor is told, across a broken connection', async () => {
    const session = await begin(proxy.url)
    const leave = new AbortController()
    const heard: string[] = []
    const listening = (async () => {
      for await (const told of session.events({}, { signal: leave.signal })) {
        heard.push(told.event)
        if (told.event === 'session:ready' && heard.length === 1) {
          proxy.sever()
          proxy.mend()
        }
      }
    })()
    await eventually(() => assert.equal(heard.filter((event) => event === 'session:ready').length, 2))
    given(await session.send('Hello, five?'))
    const call = await model.calls.take()
    call.say('Hi!')
    call.end()
    await eventually(() => assert.ok(heard.includes('reply:end')))
    leave.abort(new Error('enough'))
    await assert.rejects(listening, /enough/)
  })

  it('speaks for a client’s own server with a secret key', async () => {
    const keys = createSecretKeys(app.place.database, defineModels(app.place.database.sequelize))
    const { key } = given(await keys.create({ api_key: 'pk_demo' }, 'backend'))
    const server = forServer({ url: app.url, secretKey: key })
    const asked = server.chat({ message: 'Hello, six?', user_id: 'customer-1' })
    ;(await model.calls.take()).end({ text: 'Hi!' })
    const { session_id } = given(await asked)
    let heard = ''
    const streamed = read(server.streamChat({ message: 'And now?', session_id }), (_, text) => (heard = text))
    const call = await model.calls.take()
    call.say('Bye!')
    await eventually(() => assert.equal(heard, 'Bye!'))
    call.end()
    assert.equal(await streamed, 'Bye!')

    const file = '# Gifts\n\nWe wrap gifts for free.\n'
    const upload = { query: { name: 'gifts.md' }, file, type: 'text/markdown' }
    const { document } = given(await server.call('POST /api/v1/knowledge/documents', upload))
    const removed = await server.call('DELETE /api/v1/knowledge/documents/:document_id', {
      params: { document_id: document.id },
    })
    assert.deepEqual(given(removed), { id: document.id })

    const wrong = forServer({ url: app.url, secretKey: `sk_${'x'.repeat(43)}` })
    const refused = await wrong.chat({ message: 'Hello, six?' })
    assert.deepEqual(failed(refused), ['unauthorized', 401, false])
  })

  it('tells what is refused, and whether it is worth trying again', async () => {
    const nobody = forVisitors({ url: app.url, clientKey: 'pk_nobody' })
    assert.deepEqual(failed(await nobody.startSession()), ['client_unknown', 401, false])
    const session = await begin()
    given(await session.send('Hello, seven?', { client_message_id: 'm1' }))
    ;(await model.calls.take()).end()
    assert.deepEqual(failed(await session.send('Another', { client_message_id: 'm1' })), [
      'message_id_reused',
      409,
      false,
    ])
    const events: ChatEvent[] = []
    for await (const event of visitors()
      .session({ ...session.credential, session_token: 'wrong' })
      .streamChat('?')) {
      events.push(event)
    }
    assert.equal(events.length, 1)
    assert.ok(events[0]?.event === 'problem' && events[0].data.code === 'session_invalid')
  })

  it('throws when it is aborted, with the reason', async () => {
    const session = await begin()
    const leave = new AbortController()
    const asked = session.chat('Hello, eight?', { signal: leave.signal })
    await model.calls.take()
    leave.abort(new Error('enough'))
    await assert.rejects(asked, /enough/)
    await assert.rejects(session.history({}, { signal: AbortSignal.abort(new Error('never')) }), /never/)
  })
})

describe('The typed client, where nothing sensible answers', () => {
  let server: Server
  let url = ''
  let answer: { status: number; body: string } = { status: 200, body: '' }
  before(async () => {
    server = createServer((_request, response) => response.writeHead(answer.status).end(answer.body)).listen(
      0,
    )
    await once(server, 'listening')
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  after(() => server.close())

  it('says that the server is unreachable, and that it is worth trying again', async () => {
    const gone = forVisitors({ url: 'http://127.0.0.1:1', clientKey: 'pk_demo' })
    assert.deepEqual(failed(await gone.config()), ['unreachable', 0, true])
    const behindProxy = forVisitors({ url, clientKey: 'pk_demo' })
    for (const [status, body] of [
      [502, '<html>Bad gateway'],
      [404, '{}'],
      [500, 'null'],
    ] as const) {
      answer = { status, body }
      assert.deepEqual(failed(await behindProxy.config()), ['unreachable', status, true])
    }
    answer = { status: 200, body: 'no JSON' }
    assert.deepEqual(failed(await behindProxy.config()), ['unreachable', 0, true])
  })
})

function given<T>(outcome: Outcome<T> | { ok: true; data: T } | { ok: false; error: { code: string } }): T {
  assert.ok(outcome.ok, outcome.ok ? '' : outcome.error.code)
  return outcome.data
}

function failed(outcome: Outcome<unknown>): [code: string, status: number, retryable: boolean] {
  assert.ok(!outcome.ok)
  return [outcome.error.code, outcome.error.status, outcome.error.retryable]
}

/** The text that the deltas come to; throws on a hole, or when the end has another. */
async function read(
  events: AsyncIterable<ChatEvent>,
  hear: (event: ChatEvent, text: string) => void = () => undefined,
): Promise<string> {
  let text = ''
  for await (const event of events) {
    if (event.event === 'reply:start') text = ''
    if (event.event === 'reply:delta') {
      assert.equal(event.data.offset, text.length)
      text += event.data.text
    }
    if (event.event === 'reply:end') assert.equal(event.data.message.content, text)
    assert.notEqual(event.event, 'problem')
    hear(event, text)
  }
  return text
}
