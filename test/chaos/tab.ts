import type { Message } from '../../protocol/records.ts'
import type { Result } from '../../protocol/result.ts'
import type { WidgetData, WidgetPayload, WidgetRequest } from '../../protocol/widget.ts'
import type { Random } from '../heart/random.ts'
import type { Deed, Heard, HistoryBook } from './history.ts'
import { Transcript } from './transcript.ts'

/** Milliseconds; between two numbers, chance decides. */
const PAUSE_AFTER_FAILURE = [100, 500] as const
const CONNECT_WITHIN = 4_000
const CHANCE_OF_STOP = 0.004

/** Who a visitor is. */
export interface Session {
  session_id: string
  session_token: string
}

/** What a tab may ask, where sockets are blocked too. */
export type Asked = Extract<WidgetRequest, 'message:send' | 'session:sync' | 'reply:stop'>

export interface TabParts {
  url: string
  /** Its own name, and its visitor's. */
  name: string
  visitor: string
  random: Random
  book: HistoryBook
  /** Null: the first connection begins one. */
  session: () => Session | null
  begun: (session: Session) => void
  /** It has just been told where it stands. */
  welcomed: () => void
}

/**
 * A copy of the conversation that is kept up to date over one connection after the other: each that is lost is replaced
 * by one that says where the copy ends. Where the server goes away it comes again when it was told to.
 */
export abstract class Tab {
  readonly transcript = new Transcript()
  readonly parts: TabParts
  isReady = false
  connections = 0
  #left = false
  readonly #timers = new Set<NodeJS.Timeout>()
  #over: ((why: string) => void) | null = null

  constructor(parts: TabParts) {
    this.parts = parts
  }

  /**
   * Asks the server. Null: no answer came, so it may have happened. `seen` is told in the moment in which the answer
   * arrives, before whatever arrives behind it.
   */
  abstract ask<R extends Asked>(
    request: R,
    payload: WidgetPayload<R>,
    seen?: (answer: Result<WidgetData<R>>) => void,
  ): Promise<Result<WidgetData<R>> | null>
  /** Reads nothing from the network for a while, as a tab in the background does. */
  abstract stopReading(ms: number): void
  /** Opens a connection, and tells `hear` all that is said over it and `lost`, at least once, that it is over. */
  protected abstract open(hear: (heard: Heard) => void, lost: (why: string) => void): void
  /** Lets go of the connection, if there is one. */
  protected abstract hangUp(): void

  connect(): void {
    if (this.#left) return
    this.connections++
    this.note({ op: 'connects', tab: this.parts.name })
    let isOver = false
    const lost = (why: string) => {
      if (isOver) return
      isOver = true
      clearTimeout(hasty)
      this.#over = null
      this.isReady = false
      this.hangUp()
      if (this.#left) return
      this.note({ op: 'lost', tab: this.parts.name, why })
      this.after(this.parts.random.between(...PAUSE_AFTER_FAILURE), () => this.connect())
    }
    this.#over = lost
    // A server that hangs takes the connection and says nothing.
    const hasty = this.after(CONNECT_WITHIN, () => {
      if (!this.isReady) lost('nothing was said')
    })
    this.open((heard) => {
      if (!isOver) this.#hear(heard)
    }, lost)
  }

  /** Gives the connection up: its server has fallen silent. */
  renew(why: string): void {
    this.#over?.(why)
  }

  /** The answer to a message that was sent over this tab. */
  acked(id: string, message: Message): void {
    this.note({ op: 'acked', id, message, tab: this.parts.name })
  }

  leave(): void {
    this.#left = true
    for (const timer of this.#timers) clearTimeout(timer)
    this.hangUp()
  }

  protected note(deed: Deed): void {
    this.parts.book.note(this.parts.visitor, deed)
    const op = this.parts.book.ops.at(-1)
    if (op) this.transcript.take(op)
  }

  protected after(ms: number, then: () => unknown): NodeJS.Timeout {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      if (!this.#left) then()
    }, ms)
    this.#timers.add(timer)
    return timer
  }

  #hear(heard: Heard): void {
    this.note({ op: 'told', tab: this.parts.name, ...heard })
    if (heard.event === 'session:ready') {
      const { session_id, session_token, has_more } = heard.args[0]
      if (session_token !== undefined) this.parts.begun({ session_id, session_token })
      this.isReady = true
      if (has_more) void this.#sync()
      this.parts.welcomed()
    } else if (heard.event === 'reply:delta') {
      if (this.parts.random.chance(CHANCE_OF_STOP)) void this.#stop(heard.args[0])
    } else if (heard.event === 'server:draining') {
      const { connections } = this
      this.after(heard.args[0].reconnect_in_ms, () => {
        if (connections === this.connections) this.renew('it was sent away')
      })
    }
    if (this.isReady && this.transcript.hasHoles) void this.#sync()
  }

  async #sync(): Promise<void> {
    const { last_seq = 0, ...cursor } = this.transcript.cursor()
    const answer = await this.ask('session:sync', { last_seq, ...cursor }, (answered) => {
      if (answered.ok) this.note({ op: 'synced', tab: this.parts.name, data: answered.data })
    })
    if (!answer?.ok) {
      if (this.isReady) this.after(PAUSE_AFTER_FAILURE[1], () => this.#sync())
      return
    }
    if (answer.data.has_more) await this.#sync()
  }

  async #stop(turn: number): Promise<void> {
    const answer = await this.ask('reply:stop', { turn })
    // A tab that missed how its conversation began may hear of a reply before it knows which one it is in.
    const conversation = this.transcript.conversationId
    if (answer?.ok && answer.data.stopped && conversation !== undefined)
      this.note({ op: 'stopped', conversation, turn })
  }
}
