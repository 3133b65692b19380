import assert from 'node:assert/strict'
import { mock } from 'node:test'
import fc from 'fast-check'
import type { HandshakeRefusal, WidgetHandshake } from '../../protocol/widget.ts'
import { UNAVAILABLE, type WidgetEvent } from '../../widget/frame/line.ts'
import { RestLine } from '../../widget/frame/rest-line.ts'
import { conversation, idOf, visitorMessage } from './cast.ts'

const SESSION = { session_id: idOf(1), session_token: 'secret' }
const AT = `/api/v1/sessions/${SESSION.session_id}`
const READY = { session_id: SESSION.session_id, conversation: null, messages: [] }
const PORTAL = '<!doctype html><p>Sign in to this network.</p>'

/** What a stream tells, as the server writes it. */
const TOLD = [
  ':\n\n',
  `event: session:ready\nid: 0.0.0.0\ndata: ${JSON.stringify(READY)}\n\n`,
  'event: reply:delta\nid: 1.1.1.9\ndata: {"turn":1,"attempt":1,"offset":0,"text":"שלום 🦊\\n\\nevent: x"}\n\n',
  'event: server:draining\ndata: {"reconnect_in_ms":5}\n\n',
].join('')

describe('A line over REST', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'] }))
  afterEach(() => mock.timers.reset())

  it('tells the events of a stream, wherever the network cuts it into pieces', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: TOLD.length }), { maxLength: 12 }), async (cuts) => {
        const net = new Net({ 'GET events': () => new Response(inPieces(TOLD, cuts)) })
        const refusal = await net.over
        assert.equal(refusal, null)
        assert.deepEqual(net.events, [
          { name: 'session:ready', args: [READY] },
          { name: 'reply:delta', args: [1, 1, 0, 'שלום 🦊\n\nevent: x'] },
          { name: 'server:draining', args: [{ reconnect_in_ms: 5 }] },
        ])
      }),
      { seed: 2026, numRuns: 60 },
    )
  })

  it('begins a session where there is none, and says at once which', async () => {
    const net = new Net(
      {
        'POST start': () => Response.json(SESSION, { status: 201 }),
        'GET events': () => new Response(TOLD),
      },
      {},
    )
    await net.over
    assert.deepEqual(net.sessions, [SESSION.session_id])
    assert.deepEqual(net.asked, ['POST /api/v1/sessions/start', `GET ${AT}/events`])
  })

  it('says how far its copy goes as the id of the last event', async () => {
    const cursor = { conversation_id: idOf(7), last_seq: 3, reply: { turn: 2, attempt: 1, offset: 40 } }
    const net = new Net({ 'GET events': () => new Response(TOLD) }, { ...SESSION, ...cursor })
    await net.over
    assert.deepEqual(net.lastIds, [`3.2.1.40.${idOf(7)}`])
  })

  it('takes a page of somebody else for no answer, and a problem for what it says', async () => {
    const net = new Net({
      'GET events': () => new Response(new ReadableStream()),
      'POST messages': () => new Response(PORTAL, { status: 200 }),
      'POST typing': () => new Response(PORTAL, { status: 403 }),
      'POST stop': () =>
        Response.json(
          { code: 'rate_limited', message: 'Wait.', status: 429, retry_after: 3 },
          { status: 429 },
        ),
    })
    await net.begun()
    const sent = await net.line.request('message:send', { client_message_id: 'a', text: 'A' })
    assert.equal(sent, UNAVAILABLE)
    assert.equal(await net.line.request('typing:set', { typing: true }), UNAVAILABLE)
    assert.deepEqual(await net.line.request('reply:stop', { turn: 1 }), {
      ok: false,
      error: { code: 'rate_limited', message: 'Wait.', retryable: true, retry_after_ms: 3_000 },
    })
    net.line.close()
  })

  it('is over with what the server says of a session that it does not know', async () => {
    const problem = { code: 'session_invalid', message: 'No.', status: 401 }
    const net = new Net({ 'GET events': () => Response.json(problem, { status: 401 }) })
    assert.equal((await net.over)?.code, 'session_invalid')
    const portal = new Net({ 'GET events': () => new Response(PORTAL) })
    assert.equal(await portal.over, null)
  })

  it('is over when a message that was acked is not told, or nothing at all', async () => {
    for (const [isSent, wait] of [
      [true, 6_000],
      [false, 27_000],
    ] as const) {
      const message = visitorMessage(1, 'A', { client_message_id: 'a' })
      const net = new Net({
        'GET events': () => new Response(new ReadableStream()),
        'POST messages': () => Response.json({ message }),
      })
      await net.begun()
      if (isSent) await net.line.request('message:send', { client_message_id: 'a', text: 'A' })
      mock.timers.tick(wait - 4_000)
      assert.equal(net.isOver, false)
      mock.timers.tick(4_000)
      assert.equal(await net.over, null)
    }
  })

  it('is over at once when the machine wakes up after a long sleep', async () => {
    const net = new Net({ 'GET events': () => new Response(new ReadableStream()) })
    await net.begun()
    mock.timers.setTime(3_600_000)
    mock.timers.tick(2_000)
    assert.equal(await net.over, null)
  })

  it('asks again and again where it polls: soon while something happens, seldom otherwise', async () => {
    let news = 0
    const net = new Net(
      {
        'GET sync': () =>
          Response.json({ ...READY, conversation: conversation(), messages: news-- > 0 ? [1] : [] }),
        'POST typing': () => Response.json({}),
      },
      SESSION,
      true,
    )
    const polls = async (ms: number) => {
      const before = net.asked.filter((asked) => asked.endsWith('sync')).length
      for (let passed = 0; passed < ms; passed += 250) {
        mock.timers.tick(250)
        for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate)
      }
      return net.asked.filter((asked) => asked.endsWith('sync')).length - before
    }
    await net.begun()
    await polls(60_000)
    assert.ok((await polls(30_000)) <= 3)
    news = 8
    await net.line.request('typing:set', { typing: true })
    assert.ok((await polls(5_000)) >= 4)
    assert.ok(net.events.every(({ name }) => name === 'session:ready'))
    net.line.close()
    assert.equal(await polls(20_000), 0)
  })
})

/** Bytes of the text, cut at these places. */
function inPieces(text: string, cuts: readonly number[]): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text)
  const ends = [...cuts, bytes.length].sort((a, b) => a - b)
  return new ReadableStream({
    start(controller) {
      let from = 0
      for (const end of ends) {
        if (end > from) controller.enqueue(bytes.slice(from, end))
        from = Math.max(from, end)
      }
      controller.close()
    },
  })
}

/** A line, what answers it by method and the last part of the path, and all that it said. */
class Net {
  readonly asked: string[] = []
  readonly lastIds: (string | null)[] = []
  readonly events: WidgetEvent[] = []
  readonly sessions: string[] = []
  readonly line: RestLine
  isOver = false
  readonly over: Promise<HandshakeRefusal | null>

  constructor(
    answers: Record<string, () => Response>,
    who: Partial<WidgetHandshake> = SESSION,
    isPolling = false,
  ) {
    let end: (refusal: HandshakeRefusal | null) => void = () => undefined
    this.over = new Promise((resolve) => (end = resolve))
    const ask = (path: string, { method = '', headers }: RequestInit) => {
      this.asked.push(`${method} ${path}`)
      this.lastIds.push(new Headers(headers).get('last-event-id'))
      const answer = answers[`${method} ${path.split('/').at(-1)}`]
      return answer ? Promise.resolve(answer()) : Promise.reject(new Error('There is no network.'))
    }
    const ports = {
      auth: () => Promise.resolve({ client_key: 'pk_demo', protocol: 1 as const, ...who }),
      onSession: ({ session_id }: { session_id: string }) => this.sessions.push(session_id),
      onEvent: (event: WidgetEvent) => this.events.push(event),
      onClosed: (refusal: HandshakeRefusal | null) => {
        this.isOver = true
        end(refusal)
      },
    }
    this.line = new RestLine(ask, ports, isPolling)
  }

  /** Waits until it has asked for what it is told. */
  async begun(): Promise<void> {
    while (this.asked.length === 0) await new Promise(setImmediate)
  }
}
