import { io, type Socket } from 'socket.io-client'
import type { Message } from '../../protocol/records.ts'
import type { Result } from '../../protocol/result.ts'
import type {
  HandshakeRefusal,
  SessionReady,
  WidgetData,
  WidgetEvents,
  WidgetPayload,
  WidgetRequest,
  WidgetRequestHandlers,
} from '../../protocol/widget.ts'
import type { Random } from '../heart/random.ts'
import { questionOf } from './answers.ts'
import { Transcript } from './transcript.ts'

/** Milliseconds; between two numbers, chance decides. */
const PAUSE_BETWEEN_MESSAGES = [500, 6_000] as const
const PAUSE_AFTER_FAILURE = [100, 500] as const
const ACK_WITHIN = 5_000
const CONNECT_WITHIN = 4_000
const DIARY_LENGTH = 30
const DIARY_WIDTH = 400
const CHANCE = { twice: 0.15, oneMore: 0.2, stop: 0.004 }

type WidgetSocket = Socket<WidgetEvents, WidgetRequestHandlers>

interface Acking {
  emitWithAck(event: string, payload: unknown): Promise<unknown>
}

/**
 * A visitor who writes, and does not give up: each message is sent under the same id until it is acked, each lost
 * connection is replaced by one that says where its copy ends. Sometimes it sends twice, or stops a reply.
 */
export class ChaosVisitor {
  readonly name: string
  readonly transcript = new Transcript()
  /** Every message that was acked, by its own id; and those that wait to be, in order. */
  readonly acked = new Map<string, Message>()
  readonly outbox: { id: string; text: string }[] = []
  /** Turns that it was told are stopped. */
  readonly stopped = new Set<number>()
  readonly breaches: string[] = []
  /** What it heard and did last, for whoever looks for the cause of a breach. */
  readonly diary: string[] = []
  readonly counts = { connections: 0, refusals: 0, unacked: 0, twice: 0 }
  session: { session_id: string; session_token: string } | null = null
  readonly #url: string
  readonly #random: Random
  #socket: WidgetSocket | null = null
  #ready = false
  #sending = false
  #written = 0
  #writing = true
  #left = false
  readonly #timers = new Set<NodeJS.Timeout>()

  constructor(url: string, name: string, random: Random) {
    this.#url = url
    this.name = name
    this.#random = random
  }

  begin(): void {
    this.#connect()
    this.#soon(PAUSE_BETWEEN_MESSAGES, () => this.#write())
  }

  stopWriting(): void {
    this.#writing = false
  }

  leave(): void {
    this.#left = true
    for (const timer of this.#timers) clearTimeout(timer)
    this.#socket?.disconnect()
  }

  /** Reads nothing from the network for a while, as a tab in the background does. */
  stopReading(ms: number): void {
    const { ws } = (this.#socket?.io.engine.transport ?? {}) as { ws?: { pause(): void; resume(): void } }
    ws?.pause()
    this.#after(ms, () => ws?.resume())
  }

  /** What it still waits for; null when nothing. */
  waitsFor(): string | null {
    const { transcript } = this
    if (this.outbox.length > 0) return 'an ack'
    if (!this.#ready) return 'a connection'
    if (transcript.hasHoles) return 'messages that it lacks'
    if (transcript.runningTurn !== null) return `the end of turn ${transcript.runningTurn}`
    const messages = [...transcript.messages.values()]
    const asked = Math.max(0, ...messages.map((one) => (one.role === 'user' ? one.seq : 0)))
    const answered = Math.max(0, ...messages.map((one) => one.answers_to ?? 0))
    return asked > answered ? `the answer to ${asked}` : null
  }

  #write(): void {
    if (!this.#writing) return
    do {
      const id = `${this.name}.${++this.#written}`
      this.outbox.push({ id, text: questionOf(id, this.#random) })
    } while (this.#random.chance(CHANCE.oneMore))
    void this.#pump()
    this.#soon(PAUSE_BETWEEN_MESSAGES, () => this.#write())
  }

  #connect(): void {
    if (this.#left) return
    this.counts.connections++
    this.transcript.connected()
    this.#note(`connects with ${JSON.stringify(this.transcript.cursor())}`)
    const auth = { client_key: 'pk_demo', protocol: 1, ...this.session, ...this.transcript.cursor() }
    const socket: WidgetSocket = io(`${this.#url}/widget`, {
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      timeout: CONNECT_WITHIN,
      auth,
    })
    this.#socket = socket
    const lost = once((why: string) => {
      this.#note(`connection lost: ${why}`)
      socket.disconnect()
      this.#ready = false
      this.#soon(PAUSE_AFTER_FAILURE, () => this.#connect())
    })
    // A server that hangs takes the connection and says nothing.
    const hasty = this.#after(CONNECT_WITHIN, () => {
      if (!this.#ready) lost('nothing was said')
    })
    socket.on('session:ready', (ready) => {
      clearTimeout(hasty)
      this.#welcome(ready)
    })
    socket.on('connect_error', (error) => {
      if ('data' in error) this.#refused(error.data as HandshakeRefusal)
      lost(error.message)
    })
    socket.onAny((event: string, ...args: unknown[]) => this.#hear(event, args))
    socket.on('disconnect', lost)
    this.#listen(socket)
  }

  #listen(socket: WidgetSocket): void {
    const { transcript } = this
    socket.on('conversation:started', ({ conversation }) => transcript.sync(conversation.id, [], undefined))
    socket.on('message:created', ({ message }) => {
      transcript.keep(message)
      if (transcript.hasHoles) void this.#sync()
    })
    socket.on('reply:start', (start) => transcript.start(start))
    socket.on('reply:delta', (...delta) => {
      transcript.delta(...delta)
      if (this.#random.chance(CHANCE.stop)) void this.#stop(delta[0])
    })
    socket.on('reply:end', (end) => {
      transcript.end(end)
      if (transcript.hasHoles) void this.#sync()
    })
  }

  #welcome(ready: SessionReady): void {
    const { session_id, session_token } = ready
    if (session_token !== undefined) this.session = { session_id, session_token }
    this.transcript.sync(ready.conversation?.id ?? null, ready.messages, ready.reply)
    this.#ready = true
    if (ready.has_more) void this.#sync()
    void this.#pump()
  }

  #refused({ code, retryable }: HandshakeRefusal): void {
    this.counts.refusals++
    if (!retryable) this.breaches.push(`was not let in: ${code}`)
  }

  /** Sends what waits, in order, each until it is acked. */
  async #pump(): Promise<void> {
    if (this.#sending) return
    this.#sending = true
    try {
      for (let next = this.outbox[0]; next && this.#ready && !this.#left; next = this.outbox[0]) {
        if (await this.#send(next)) this.outbox.shift()
        else await this.#pause(PAUSE_AFTER_FAILURE)
      }
    } finally {
      this.#sending = false
    }
  }

  /** True when the message needs not be sent again. */
  async #send({ id, text }: { id: string; text: string }): Promise<boolean> {
    const payload = { client_message_id: id, text }
    const twice = this.#random.chance(CHANCE.twice)
    if (twice) this.counts.twice++
    const asked = Array.from({ length: twice ? 2 : 1 }, () => this.#ask('message:send', payload))
    let done = false
    for (const answer of await Promise.all(asked)) {
      if (answer?.ok) {
        this.#ack(id, answer.data.message)
        done = true
      } else if (answer === null) this.counts.unacked++
      else if (answer.error.retryable) this.counts.refusals++
      else this.breaches.push(`message ${id} was refused: ${answer.error.code}`)
    }
    return done
  }

  #ack(id: string, message: Message): void {
    const before = this.acked.get(id)
    if (before && before.seq !== message.seq) this.breaches.push(`message ${id} was acked as two`)
    this.acked.set(id, message)
    this.transcript.keep(message)
  }

  async #sync(): Promise<void> {
    const { last_seq = 0, ...cursor } = this.transcript.cursor()
    const answer = await this.#ask('session:sync', { last_seq, ...cursor })
    if (!answer?.ok) {
      if (this.#ready) this.#soon(PAUSE_AFTER_FAILURE, () => this.#sync())
      return
    }
    const { conversation, messages, reply, has_more } = answer.data
    this.transcript.sync(conversation?.id ?? null, messages, reply)
    if (has_more) await this.#sync()
  }

  async #stop(turn: number): Promise<void> {
    const answer = await this.#ask('reply:stop', { turn })
    if (answer?.ok && answer.data.stopped) this.stopped.add(turn)
  }

  /** Null: no answer came. It may have happened. */
  async #ask<R extends WidgetRequest>(
    request: R,
    payload: WidgetPayload<R>,
  ): Promise<Result<WidgetData<R>> | null> {
    const socket = this.#socket?.timeout(ACK_WITHIN) as unknown as Acking | undefined
    try {
      return (await socket?.emitWithAck(request, payload)) as Result<WidgetData<R>>
    } catch {
      return null
    }
  }

  #hear(event: string, args: unknown[]): void {
    if (event === 'reply:delta') return
    // What was said is told by its length: this is about order.
    const told = JSON.stringify(args, (key, value: unknown) =>
      (key === 'content' || key === 'text') && typeof value === 'string' ? value.length : value,
    )
    this.#note(`heard ${event} ${told.slice(0, DIARY_WIDTH)}`)
  }

  #note(what: string): void {
    this.diary.push(`${new Date().toISOString()} ${what}`)
    if (this.diary.length > DIARY_LENGTH) this.diary.shift()
  }

  #soon([least, most]: readonly [number, number], then: () => unknown): void {
    this.#after(this.#random.between(least, most), then)
  }

  #after(ms: number, then: () => unknown): NodeJS.Timeout {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      if (!this.#left) then()
    }, ms)
    this.#timers.add(timer)
    return timer
  }

  #pause([least, most]: readonly [number, number]): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, this.#random.between(least, most)))
  }
}

function once(run: (why: string) => void): (why: string) => void {
  let ran = false
  return (why) => {
    if (ran) return
    ran = true
    run(why)
  }
}
