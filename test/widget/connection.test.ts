import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { Server, type Socket } from 'socket.io'
import type { ErrorCode } from '../../protocol/errors.ts'
import type { SessionReady, WidgetHandshake } from '../../protocol/widget.ts'
import type { ConnectionState } from '../../widget/bridge.ts'
import { backoff } from '../../widget/frame/backoff.ts'
import { Connection } from '../../widget/frame/connection.ts'
import type { WidgetEvent } from '../../widget/frame/line.ts'
import { SocketLine, type LineSocket } from '../../widget/frame/socket-line.ts'
import { idOf } from './cast.ts'

// The WebSocket that engine.io itself brings: Node 20 has none of its own.
const require = createRequire(createRequire(import.meta.url).resolve('engine.io'))
const { WebSocket } = require('ws') as { WebSocket: new (url: string) => LineSocket }

const READY: SessionReady = {
  session_id: idOf(1),
  conversation: null,
  messages: [],
  has_more: false,
  tools_running: [],
  confirming: [],
  team: { available: true },
  contact_given: false,
}

describe('the connection', () => {
  let house: House
  let caller: Caller

  beforeEach(async () => {
    house = await House.open()
    caller = new Caller(house)
  })
  afterEach(async () => {
    caller.connection.close()
    await house.close()
  })

  it('speaks Socket.IO with the real server: handshake, events, requests', async () => {
    caller.connection.start()
    const socket = await house.visitor()
    assert.deepEqual(socket.handshake.auth, { client_key: 'pk_demo', protocol: 1 })
    await caller.state('online')
    socket.on('typing:set', (payload: unknown, ack: (answer: unknown) => void) =>
      ack({ ok: true, data: { echo: payload } }),
    )
    assert.deepEqual(await caller.connection.request('typing:set', { typing: true }), {
      ok: true,
      data: { echo: { typing: true } },
    })
    socket.emit('reply:delta', 1, 1, 0, 'שלום, "👋🏽"\n')
    await caller.event('reply:delta')
    assert.deepEqual(caller.events, [{ name: 'reply:delta', args: [1, 1, 0, 'שלום, "👋🏽"\n'] }])
  })

  it('answers the pings, and so stays connected', async () => {
    caller.connection.start()
    const socket = await house.visitor()
    await caller.state('online')
    let pongs = 0
    socket.conn.on('packet', ({ type }: { type: string }) => (pongs += type === 'pong' ? 1 : 0))
    while (pongs < 3) await once(socket.conn, 'packet')
    assert.deepEqual(caller.states, ['connecting', 'online'])
  })

  it('comes back after the server has sent it away, and says each time who it is now', async () => {
    caller.connection.start()
    const socket = await house.visitor()
    await caller.state('online')
    caller.more = { session_id: idOf(1), last_seq: 7 }
    socket.disconnect(true)
    const again = await house.visitor()
    assert.equal((again.handshake.auth as WidgetHandshake).last_seq, 7)
    await caller.state('online', 2)
    assert.deepEqual(caller.states, ['connecting', 'online', 'reconnecting', 'online'])
  })

  it('comes back after the line was cut under it', async () => {
    caller.connection.start()
    const socket = await house.visitor()
    await caller.state('online')
    socket.conn.close()
    await house.visitor()
    await caller.state('online', 2)
  })

  it('answers "unavailable" to what was asked when the line ends, and at once without one', async () => {
    caller.connection.start()
    const socket = await house.visitor()
    await caller.state('online')
    const asked = caller.connection.request('typing:set', { typing: true })
    await once(socket.conn, 'packet')
    socket.disconnect(true)
    for (const answer of [await asked, await caller.connection.request('typing:set', { typing: true })])
      assert.equal(!answer.ok && answer.error.code, 'unavailable')
  })

  it('gives up for good where another attempt cannot help', async () => {
    for (const code of ['client_unknown', 'origin_not_allowed', 'protocol_unsupported'] as const) {
      house.refusals.push(code)
      const other = new Caller(house)
      other.connection.start()
      await other.state('refused')
      other.connection.start()
      other.connection.renew()
      assert.deepEqual(other.states, ['connecting', 'refused'])
    }
  })

  it('forgets a session that is unknown and begins anew', async () => {
    house.refusals.push('session_invalid')
    caller.more = { session_id: idOf(1), session_token: 'old' }
    caller.connection.start()
    const socket = await house.visitor()
    assert.equal(caller.forgotten, 1)
    assert.equal((socket.handshake.auth as WidgetHandshake).session_id, undefined)
    await caller.state('online')
  })

  it('does not go round for ever when every session is unknown', async () => {
    for (let i = 0; i < 10; i += 1) house.refusals.push('session_invalid')
    caller.connection.start()
    await caller.state('refused')
    assert.equal(caller.forgotten, 2)
  })

  it('tries again after as long as a refusal says', async () => {
    house.refusals.push('too_many_connections')
    const began = performance.now()
    caller.connection.start()
    await house.visitor()
    assert.ok(performance.now() - began >= House.RETRY_AFTER)
  })

  it('connects again when a draining server says, not before', async () => {
    caller.connection.start()
    const socket = await house.visitor()
    await caller.state('online')
    const began = performance.now()
    socket.emit('server:draining', { reconnect_in_ms: 150 })
    await house.visitor()
    assert.ok(performance.now() - began >= 145)
    await caller.state('online', 2)
  })

  it('makes one line out of many wishes to be connected', async () => {
    for (let i = 0; i < 5; i += 1) caller.connection.start()
    await house.visitor()
    await caller.state('online')
    caller.connection.start()
    assert.equal(house.arrived, 1)
  })

  it('says nothing after it was closed', async () => {
    caller.connection.start()
    const socket = await house.visitor()
    await caller.state('online')
    const gone = once(socket, 'disconnect')
    caller.connection.close()
    await gone
    assert.deepEqual(caller.states, ['connecting', 'online', 'idle'])
  })
})

describe('the pause before another attempt', () => {
  it('doubles from half a second to twenty, and spreads over its upper half', () => {
    assert.equal(
      backoff(0, () => 1),
      500,
    )
    assert.equal(
      backoff(0, () => 0),
      250,
    )
    assert.equal(
      backoff(3, () => 1),
      4_000,
    )
    assert.equal(
      backoff(30, () => 1),
      20_000,
    )
  })
})

/** A real Socket.IO server that lets visitors in, or refuses them with the next code. */
class House {
  static readonly RETRY_AFTER = 120
  readonly refusals: ErrorCode[] = []
  arrived = 0
  readonly #io: Server
  #waiting: ((socket: Socket) => void)[] = []
  #here: Socket[] = []

  private constructor(
    io: Server,
    readonly url: string,
  ) {
    this.#io = io
    const visitors = io.of('/widget')
    visitors.use((_socket, next) => {
      const code = this.refusals.shift()
      if (!code) {
        next()
        return
      }
      const data = { code, retryable: false, retry_after_ms: House.RETRY_AFTER }
      next(Object.assign(new Error(code), { data }))
    })
    visitors.on('connection', (socket) => {
      this.arrived += 1
      socket.emit('session:ready', READY)
      const waiting = this.#waiting.shift()
      if (waiting) waiting(socket)
      else this.#here.push(socket)
    })
  }

  static async open(): Promise<House> {
    const http = createServer()
    const io = new Server(http, { transports: ['websocket'], serveClient: false, pingInterval: 50 })
    http.listen(0, '127.0.0.1')
    await once(http, 'listening')
    const { port } = http.address() as AddressInfo
    return new House(io, `ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`)
  }

  /** The next visitor to arrive. */
  visitor(): Promise<Socket> {
    const here = this.#here.shift()
    return here ? Promise.resolve(here) : new Promise((resolve) => this.#waiting.push(resolve))
  }

  async close(): Promise<void> {
    await this.#io.close()
  }
}

/** A connection, and all that it said. */
class Caller {
  readonly states: ConnectionState[] = []
  readonly events: WidgetEvent[] = []
  forgotten = 0
  more: Partial<WidgetHandshake> = {}
  readonly connection: Connection
  #changed: () => void = () => undefined

  constructor(house: House) {
    this.connection = new Connection({
      openLine: (_way, ports) => new SocketLine(new WebSocket(house.url), ports),
      way: { get: () => 'socket', set: () => undefined },
      onSession: () => undefined,
      handshake: () => Promise.resolve({ client_key: 'pk_demo', protocol: 1, ...this.more }),
      onState: (state) => this.#note(() => this.states.push(state)),
      onReady: () => undefined,
      onEvent: (event) => this.#note(() => this.events.push(event)),
      onRefused: () => {
        if (this.states.at(-1) === 'refused') return
        this.forgotten += 1
        this.more = {}
      },
    })
  }

  /** Waits until the state was that, so many times. */
  async state(state: ConnectionState, times = 1): Promise<void> {
    while (this.states.filter((one) => one === state).length < times) await this.#next()
  }

  async event(name: WidgetEvent['name']): Promise<void> {
    while (!this.events.some((event) => event.name === name)) await this.#next()
  }

  #next(): Promise<void> {
    return new Promise((resolve) => (this.#changed = resolve))
  }

  #note(write: () => void): void {
    write()
    this.#changed()
  }
}
