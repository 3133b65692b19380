import assert from 'node:assert/strict'
import { mock } from 'node:test'
import type { Result } from '../../protocol/result.ts'
import type { HandshakeRefusal, SessionReady, WidgetHandshake } from '../../protocol/widget.ts'
import type { ConnectionState } from '../../widget/bridge.ts'
import { Connection } from '../../widget/frame/connection.ts'
import {
  UNAVAILABLE,
  type Line,
  type LinePorts,
  type Way,
  type WidgetEvent,
} from '../../widget/frame/line.ts'
import { idOf } from './cast.ts'

const READY: SessionReady = {
  session_id: idOf(1),
  conversation: null,
  messages: [],
  has_more: false,
  tools_running: [],
  confirming: [],
  team: { available: false },
  contact_given: false,
}
const DELTA: WidgetEvent = { name: 'reply:delta', args: [1, 1, 0, 'Hello'] }

describe('The way to the server', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout', 'Date'] }))
  afterEach(() => mock.timers.reset())

  it('is a socket first, then a stream, then polling, each when the one before lets nobody in', async () => {
    const caller = new Caller()
    caller.connection.start()
    assert.deepEqual(caller.ways, ['socket'])
    await caller.pass(2_500 + 500)
    assert.deepEqual(caller.ways, ['socket', 'stream'])
    await caller.pass(4_000 + 1_000)
    assert.deepEqual(caller.ways, ['socket', 'stream', 'poll'])
    assert.deepEqual(caller.open, ['poll'])
    caller.last.enter()
    assert.deepEqual(caller.states, ['connecting', 'online'])
  })

  it('is another one half a second after a refusal that no server of ours has spoken', async () => {
    const caller = new Caller()
    caller.connection.start()
    caller.last.end(null)
    await caller.pass(500)
    assert.deepEqual(caller.ways, ['socket', 'stream'])
  })

  it('stays the same where the server itself asks for time', async () => {
    const caller = new Caller()
    caller.connection.start()
    caller.last.enter()
    caller.last.tell({ name: 'server:draining', args: [{ reconnect_in_ms: 700 }] })
    caller.last.end(null)
    await caller.pass(700)
    assert.deepEqual(caller.ways, ['socket', 'socket'])
  })

  it('waits for another tab that makes the session, without counting that against the line', async () => {
    const caller = new Caller()
    caller.connection.start()
    const claim = caller.holdHandshakes()
    void caller.last.ports.auth()
    await caller.pass(9_000)
    assert.deepEqual(caller.ways, ['socket'])
    claim()
    await caller.pass(2_000)
    caller.last.enter()
    assert.equal(caller.states.at(-1), 'online')
  })

  it('is tried again beside the one that works, with growing pauses, and taken once it is up to date', async () => {
    const caller = await Caller.onStream()
    const stream = caller.last
    for (const pause of [10_000, 20_000, 40_000]) {
      await caller.pass(pause - 1)
      assert.equal(caller.last, stream)
      await caller.pass(1)
      assert.notEqual(caller.last, stream)
      caller.last.end(null)
      caller.lines.pop()
    }
    await caller.pass(80_000)
    const socket = caller.last
    stream.tell(DELTA)
    assert.equal(caller.events.length, 1, 'the answer goes on meanwhile')
    assert.equal(stream.isOver, false)
    socket.enter()
    assert.equal(stream.isOver, true)
    assert.deepEqual(caller.readies, 2)
    stream.tell(DELTA)
    assert.equal(caller.events.length, 1, 'told twice')
    socket.tell(DELTA)
    assert.equal(caller.events.length, 2)
    assert.deepEqual(caller.states, ['connecting', 'online'])
    assert.equal(caller.kept, 'socket')
  })

  it('counts as working only when it has lasted half a minute', async () => {
    const caller = new Caller()
    caller.connection.start()
    caller.last.enter()
    await caller.pass(29_000)
    caller.last.end(null)
    await caller.pass(500)
    assert.deepEqual(caller.ways, ['socket', 'stream'])
    caller.last.enter()
    await caller.pass(10_000)
    assert.deepEqual(caller.open, ['stream', 'socket'])
    caller.last.enter()
    await caller.pass(31_000)
    caller.last.end(null)
    await caller.pass(500)
    assert.equal(caller.ways.at(-1), 'socket')
  })

  it('is remembered for the next page', async () => {
    const caller = await Caller.onStream()
    assert.equal(caller.kept, 'stream')
    const next = new Caller(caller.kept)
    next.connection.start()
    assert.deepEqual(next.ways, ['stream'])
  })

  it('is left when it neither answers nor says anything else', async () => {
    for (const isHeard of [true, false]) {
      const caller = new Caller()
      caller.connection.start()
      caller.last.enter()
      const asked = caller.connection.request('typing:set', { typing: true })
      await caller.pass(9_000)
      if (isHeard) caller.last.heardAt = Date.now()
      caller.last.answer(UNAVAILABLE)
      assert.equal(await asked, UNAVAILABLE)
      assert.equal(caller.last.isOver, !isHeard)
    }
  })

  it('is hung up while the page rests, and found at once when it comes back', async () => {
    const caller = await Caller.onStream()
    await caller.pass(10_000)
    assert.deepEqual(caller.open, ['stream', 'socket'])
    caller.connection.rest()
    assert.deepEqual(caller.open, [])
    await caller.pass(600_000)
    assert.deepEqual(caller.open, [])
    caller.connection.renew()
    assert.deepEqual(caller.open, ['stream'])
    caller.last.enter()
    assert.equal(caller.states.at(-1), 'online')
    caller.connection.close()
    assert.deepEqual(caller.open, [])
  })

  it('keeps the session that a line made before it was let in, but not of a line that was left', async () => {
    const caller = new Caller()
    caller.connection.start()
    const first = caller.last
    first.end(null)
    await caller.pass(500)
    caller.last.ports.onSession({ session_id: idOf(2), session_token: 'b' })
    first.ports.onSession({ session_id: idOf(3), session_token: 'c' })
    assert.deepEqual(caller.sessions, [idOf(2)])
  })
})

/** A line that does what the test says. */
class ScriptedLine implements Line {
  heardAt = Date.now()
  isOver = false
  answer: (answer: Result<never>) => void = () => undefined
  readonly ports: LinePorts
  readonly way: Way

  constructor(way: Way, ports: LinePorts) {
    this.way = way
    this.ports = ports
  }

  request(): Promise<Result<never>> {
    return new Promise((resolve) => (this.answer = resolve))
  }

  enter(): void {
    this.tell({ name: 'session:ready', args: [READY] })
  }

  tell(event: WidgetEvent): void {
    this.heardAt = Date.now()
    this.ports.onEvent(event)
  }

  close(): void {
    this.end(null)
  }

  end(refusal: HandshakeRefusal | null): void {
    if (this.isOver) return
    this.isOver = true
    this.ports.onClosed(refusal)
  }
}

/** A connection whose lines are scripted, and all that it said. */
class Caller {
  readonly lines: ScriptedLine[] = []
  readonly ways: Way[] = []
  readonly states: ConnectionState[] = []
  readonly events: WidgetEvent[] = []
  readonly sessions: string[] = []
  readies = 0
  kept: Way
  readonly connection: Connection
  #handshakes: Promise<unknown> = Promise.resolve()

  constructor(kept: Way = 'socket') {
    this.kept = kept
    this.connection = new Connection({
      openLine: (way, ports) => {
        const line = new ScriptedLine(way, ports)
        this.ways.push(way)
        this.lines.push(line)
        return line
      },
      way: { get: () => this.kept, set: (way) => (this.kept = way) },
      handshake: async () => {
        await this.#handshakes
        return { client_key: 'pk_demo', protocol: 1 } satisfies WidgetHandshake
      },
      onState: (state) => this.states.push(state),
      onSession: ({ session_id }) => this.sessions.push(session_id),
      onReady: () => (this.readies += 1),
      onEvent: (event) => this.events.push(event),
      onRefused: () => undefined,
    })
  }

  /** One whose socket was refused and whose stream works. */
  static async onStream(): Promise<Caller> {
    const caller = new Caller()
    caller.connection.start()
    caller.last.end(null)
    await caller.pass(500)
    caller.last.enter()
    return caller
  }

  get last(): ScriptedLine {
    return this.lines.at(-1)!
  }

  /** The ways of the lines that are open. */
  get open(): Way[] {
    return this.lines.filter((line) => !line.isOver).map((line) => line.way)
  }

  /** Until the function is called, nobody gets to know who calls. */
  holdHandshakes(): () => void {
    let release = (): void => undefined
    this.#handshakes = new Promise<void>((resolve) => (release = resolve))
    return () => release()
  }

  async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 100) mock.timers.tick(Math.min(100, ms - passed))
    await new Promise(setImmediate)
  }
}
