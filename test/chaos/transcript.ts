import type { Message, ReplyCursor, RunningReply } from '../../protocol/records.ts'
import type { ReplyStart, WidgetEvents } from '../../protocol/widget.ts'

/** A reply as far as this visitor has it. */
interface Streamed {
  turn: number
  attempt: number
  text: string
  /** The connection over which it was last told where it stands: from there on nothing may be missing. */
  connection: number
}

/**
 * One visitor's own copy of its conversation, put together from nothing but what it was told, over any number of
 * connections. Whatever contradicts the protocol's promises is a breach.
 */
export class Transcript {
  readonly messages = new Map<number, Message>()
  readonly breaches: string[] = []
  conversationId: string | undefined
  /** Ends whose streamed text was compared with what was kept. */
  compared = 0
  #streamed: Streamed | null = null
  #connection = 0

  /** Up to here nothing is missing. */
  get lastSeq(): number {
    let seq = 0
    while (this.messages.has(seq + 1)) seq++
    return seq
  }

  get hasHoles(): boolean {
    return this.messages.size !== this.lastSeq
  }

  get runningTurn(): number | null {
    return this.#streamed?.turn ?? null
  }

  /** What a new connection says about this copy. */
  cursor(): { conversation_id?: string; last_seq?: number; reply?: ReplyCursor } {
    if (this.conversationId === undefined) return {}
    const reply = this.#streamed
    return {
      conversation_id: this.conversationId,
      last_seq: this.lastSeq,
      ...(reply && { reply: { turn: reply.turn, attempt: reply.attempt, offset: reply.text.length } }),
    }
  }

  connected(): void {
    this.#connection++
  }

  /** What `session:ready` and `session:sync` answer to the cursor. */
  sync(conversationId: string | null, messages: readonly Message[], reply: RunningReply | undefined): void {
    if (conversationId === null) return
    if (this.conversationId !== undefined && this.conversationId !== conversationId)
      this.#breach('another conversation is current')
    this.conversationId = conversationId
    for (const message of messages) this.keep(message)
    if (reply) this.#resume(reply)
  }

  keep(message: Message): void {
    const { seq } = message
    const known = this.messages.get(seq)
    if (known && (known.id !== message.id || known.content !== message.content))
      this.#breach(`seq ${seq} is two messages`)
    this.messages.set(seq, message)
    if (message.role === 'assistant' && this.#streamed?.turn === message.turn) this.#streamed = null
  }

  start({ turn, attempt }: ReplyStart): void {
    const had = this.#streamed
    if (had && had.turn === turn && had.attempt === attempt && had.text !== '')
      this.#breach(`turn ${turn}.${attempt} began again after it had spoken`)
    if (had && (had.turn > turn || (had.turn === turn && had.attempt > attempt))) return
    this.#streamed = { turn, attempt, text: '', connection: this.#connection }
  }

  delta(...[turn, attempt, offset, text]: Parameters<WidgetEvents['reply:delta']>): void {
    const had = this.#streamed
    if (had === null || had.turn !== turn || had.attempt !== attempt || had.connection !== this.#connection) {
      this.#breach(`a piece of ${turn}.${attempt}, of which this connection was told nothing`)
      return
    }
    if (offset !== had.text.length)
      this.#breach(`a piece of ${turn}.${attempt} at ${offset}, and ${had.text.length} were told`)
    had.text = had.text.slice(0, offset) + text
  }

  end({ turn, message }: { turn: number; message: Message }): void {
    const had = this.#streamed
    const current = had?.turn === turn && had.connection === this.#connection ? had : null
    if (current && message.status === 'complete') {
      this.compared++
      if (current.text !== message.content)
        this.#breach(`turn ${turn}.${current.attempt} ended as another text than it had streamed`)
    }
    this.keep(message)
  }

  #resume({ turn, attempt, offset, text }: RunningReply): void {
    const had = this.#streamed
    const continues = had?.turn === turn && had.attempt === attempt && offset <= had.text.length
    if (offset > 0 && !continues) this.#breach(`turn ${turn}.${attempt} was told from ${offset} on only`)
    const before = continues ? had.text.slice(0, offset) : ''
    this.#streamed = { turn, attempt, text: before + text, connection: this.#connection }
  }

  #breach(what: string): void {
    this.breaches.push(`its copy: ${what}`)
  }
}
