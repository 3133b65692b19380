import type { RunningReply } from '../../../protocol/records.ts'
import type { ReplyStart, ToolConfirm, WidgetEvents } from '../../../protocol/widget.ts'
import type { Address, Listener } from '../../conversation/publisher.ts'
import { pieceOf } from './piece-of.ts'
import { formatEventId } from './event-id.ts'
import type { EventStream } from './event-stream.ts'

/** A visitor's message whose answer is followed. */
export interface Followed {
  conversation_id: string
  seq: number
  /** What its visitor is asked at the moment. */
  confirming: ToolConfirm[]
}

type ToolEventName = 'tool:start' | 'tool:end' | 'tool:confirm' | 'tool:confirmed'
type OfTool = Parameters<WidgetEvents[ToolEventName]>[0]

const TOOL_EVENTS: ReadonlySet<string> = new Set<ToolEventName>([
  'tool:start',
  'tool:end',
  'tool:confirm',
  'tool:confirmed',
])

function isOfTool(event: string): event is ToolEventName {
  return TOOL_EVENTS.has(event)
}

type ReplyEnd = Parameters<WidgetEvents['reply:end']>[0]

/**
 * The text of the answer to one message, as it comes, for one stream. The turns before the one that answers it are left
 * out. How it ended is for Postgres to say.
 */
export class FollowedReply implements Listener {
  #stream: EventStream | null = null
  #followed: Followed | null = null
  /** The turn that answers it, as far as is known. */
  #turn: number | null = null
  #attempt = 0
  #offset = 0
  #over = false
  /** Ends that were told before it was known which message this is about. */
  readonly #ends: [conversationId: string, end: ReplyEnd][] = []

  /**
   * Tells `stream` what was said so far, what the visitor is asked, and all that follows. `running` must be copied in the
   * same tick.
   */
  begin(stream: EventStream, followed: Followed, running: RunningReply | undefined): void {
    this.#stream = stream
    this.#followed = followed
    for (const [conversationId, end] of this.#ends.splice(0)) this.#hearEnd(conversationId, end)
    if (this.#over || running === undefined || running.answers_to < followed.seq) return
    const { turn, attempt, epoch, answers_to, offset, text } = running
    this.#turn = turn
    // A beginning says that nothing was said yet; who has a part already keeps it.
    if (offset === 0) this.#start({ turn, attempt, epoch, answers_to })
    if (text !== '') this.#delta([turn, attempt, offset, text])
    for (const question of followed.confirming) this.#hearTool('tool:confirm', question)
  }

  tell<E extends keyof WidgetEvents>(to: Address, event: E, ...args: Parameters<WidgetEvents[E]>): void {
    if (event === 'reply:end') this.#hearEnd(to.conversation_id, args[0] as ReplyEnd)
    if (this.#followed?.conversation_id !== to.conversation_id || this.#over) return
    if (event === 'reply:start') this.#hearStart(args[0] as ReplyStart)
    else if (event === 'reply:delta') this.#hearDelta(args as Parameters<WidgetEvents['reply:delta']>)
    else if (isOfTool(event)) this.#hearTool(event, args[0] as OfTool)
  }

  #hearStart(start: ReplyStart): void {
    if (this.#turn === null && start.answers_to >= (this.#followed?.seq ?? 0)) this.#turn = start.turn
    if (start.turn === this.#turn) this.#start(start)
  }

  #hearDelta(delta: Parameters<WidgetEvents['reply:delta']>): void {
    if (delta[0] === this.#turn) this.#delta(delta)
  }

  #hearTool(event: ToolEventName, tool: OfTool): void {
    if (tool.turn === this.#turn) this.#send(event, tool)
  }

  /** A turn that was stopped before this message may end without having answered it. */
  #hearEnd(conversationId: string, end: ReplyEnd): void {
    if (this.#followed === null) this.#ends.push([conversationId, end])
    else if (this.#followed.conversation_id === conversationId) {
      if ((end.message.answers_to ?? 0) >= this.#followed.seq) this.#over = true
      else if (end.turn === this.#turn) this.#turn = null
    }
  }

  #start(start: ReplyStart): void {
    this.#attempt = start.attempt
    this.#offset = 0
    this.#send('reply:start', start)
  }

  #delta(delta: Parameters<WidgetEvents['reply:delta']>): void {
    const [, attempt, offset, text] = delta
    this.#attempt = attempt
    this.#offset = offset + text.length
    this.#stream?.sendPiece(pieceOf(delta), this.#id)
  }

  #send(event: keyof WidgetEvents, data: object): void {
    this.#stream?.send(event, data, this.#id)
  }

  get #id(): string {
    const reply = { turn: this.#turn ?? 0, attempt: this.#attempt, offset: this.#offset }
    return formatEventId({ seq: this.#followed?.seq ?? 0, reply })
  }
}
