import type { Message, ReplyCursor, RunningReply } from '../../protocol/records.ts'
import type { ReplyStart, WidgetEvents } from '../../protocol/widget.ts'
import type { Op } from './history.ts'

/** A reply as far as this tab has it. */
interface Streamed extends Pick<ReplyStart, 'turn' | 'attempt' | 'epoch'> {
  text: string
  /** The connection over which it was last told where it stands: from there on nothing may be missing. */
  connection: number
  /** Since when, by Date.now(). */
  from: number
}

/**
 * One tab's own copy of a conversation, put together from nothing but what it was told, over any number of connections.
 * Whatever contradicts the protocol's promises is a breach.
 */
export class Transcript {
  readonly messages = new Map<number, Message>()
  readonly breaches: string[] = []
  conversationId: string | undefined
  /** Ends whose streamed text was compared with what was kept. */
  compared = 0
  /** Ends that were told before all of their text was, from when it began until then, by Date.now(). */
  readonly cutShort: { turn: number; from: number; to: number }[] = []
  /** The highest epoch that it heard of: what is of lower ones counts no more. */
  epoch = 0
  #streamed: Streamed | null = null
  readonly #ended = new Set<number>()
  #connection = 0
  #now = 0

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

  /** Takes whatever concerns this copy. */
  take(op: Op): void {
    this.#now = op.at
    if (op.op === 'connects') this.#connection++
    else if (op.op === 'acked') this.#keep(op.message)
    else if (op.op === 'synced') this.#sync(op.data)
    else if (op.op === 'told') this.#hear(op)
  }

  #hear(told: Extract<Op, { op: 'told' }>): void {
    switch (told.event) {
      case 'session:ready':
        this.#sync(told.args[0])
        return
      case 'conversation:started':
        this.#sync({ conversation: told.args[0].conversation, messages: [] })
        return
      case 'message:created':
        this.#keep(told.args[0].message)
        return
      case 'reply:start':
        this.#start(told.args[0])
        return
      case 'reply:delta':
        this.#delta(...told.args)
        return
      case 'reply:end':
        this.#end(told.args[0])
        return
      case 'agent:joined':
      case 'agent:left':
        this.#raise(told.args[0].epoch)
    }
  }

  /** What `session:ready` and `session:sync` answer to the cursor. */
  #sync({ conversation, messages, reply }: Synced): void {
    if (conversation === null) return
    if (this.conversationId !== undefined && this.conversationId !== conversation.id)
      this.#breach('another conversation is current')
    this.conversationId = conversation.id
    this.#raise(conversation.epoch)
    for (const message of messages) this.#keep(message)
    if (reply) this.#resume(reply)
  }

  #keep(message: Message): void {
    const { seq } = message
    const known = this.messages.get(seq)
    if (known && (known.id !== message.id || known.content !== message.content))
      this.#breach(`seq ${seq} is two messages`)
    this.messages.set(seq, message)
    if (message.turn !== undefined) this.#ended.add(message.turn)
    if (message.role === 'assistant' && (this.#streamed?.turn ?? Infinity) <= (message.turn ?? 0))
      this.#streamed = null
  }

  #raise(epoch: number): void {
    this.epoch = Math.max(this.epoch, epoch)
    if (this.#streamed && this.#streamed.epoch < this.epoch) this.#streamed = null
  }

  #start({ turn, attempt, epoch }: ReplyStart): void {
    if (this.#isOver(turn) || epoch < this.epoch) return
    const had = this.#streamed
    const isSame = had?.turn === turn && had.attempt === attempt && had.connection === this.#connection
    if (isSame && had.text !== '') this.#breach(`turn ${turn}.${attempt} began again after it had spoken`)
    if (had && (had.turn > turn || (had.turn === turn && had.attempt > attempt))) return
    this.#streamed = { turn, attempt, epoch, text: '', connection: this.#connection, from: this.#now }
  }

  #delta(...[turn, attempt, offset, text]: Parameters<WidgetEvents['reply:delta']>): void {
    const had = this.#streamed
    // Of an older attempt, of a turn that has ended, or silenced by an agent: a client passes over it.
    if (this.#isOver(turn) || (had && (turn < had.turn || (turn === had.turn && attempt < had.attempt))))
      return
    if (had === null || had.turn !== turn || had.attempt !== attempt || had.connection !== this.#connection) {
      if (had !== null || this.epoch === 0)
        this.#breach(`a piece of ${turn}.${attempt}, of which this connection was told nothing`)
      return
    }
    if (offset !== had.text.length)
      this.#breach(`a piece of ${turn}.${attempt} at ${offset}, and ${had.text.length} were told`)
    had.text = had.text.slice(0, offset) + text
  }

  #end({ turn, message }: { turn: number; message: Message }): void {
    const had = this.#streamed
    const current = had?.turn === turn && had.connection === this.#connection ? had : null
    if (current && message.status === 'complete') {
      this.compared++
      const { text, from } = current
      if (text !== message.content && message.content.startsWith(text))
        this.cutShort.push({ turn, from, to: this.#now })
      else if (text !== message.content)
        this.#breach(`turn ${turn}.${current.attempt} ended as another text than it had streamed`)
    }
    this.#keep(message)
  }

  #resume({ turn, attempt, epoch, offset, text }: RunningReply): void {
    if (this.#isOver(turn) || epoch < this.epoch) return
    const had = this.#streamed
    const continues = had?.turn === turn && had.attempt === attempt && offset <= had.text.length
    if (offset > 0 && !continues) this.#breach(`turn ${turn}.${attempt} was told from ${offset} on only`)
    const before = continues ? had.text.slice(0, offset) : ''
    const connection = this.#connection
    this.#streamed = { turn, attempt, epoch, text: before + text, connection, from: this.#now }
  }

  /** Its end has been told. */
  #isOver(turn: number): boolean {
    return this.#ended.has(turn)
  }

  #breach(what: string): void {
    this.breaches.push(what)
  }
}

interface Synced {
  conversation: { id: string; epoch: number } | null
  messages: readonly Message[]
  reply?: RunningReply | undefined
}
