import type { ReplyStart, SessionReady, WidgetEvents } from '../../../protocol/widget.ts'
import type { TranscriptCursor } from '../../conversation/conversations.ts'
import type { Address } from '../../conversation/publisher.ts'
import { formatEventId, type Place } from './event-id.ts'

/** Messages that may be told before an earlier one. They come in any order, but close together. */
const AHEAD = 256

/** How far a stream has told a conversation: what the ids of its events say. */
export class ToldSoFar {
  #place: Place = { seq: 0 }
  /** Told, but not all messages before them were. */
  readonly #ahead = new Set<number>()

  /** For `Last-Event-ID`. */
  get id(): string {
    return formatEventId(this.#place)
  }

  /** True when so much is missing that nobody can wait for it: the reader had better come again. */
  get lost(): boolean {
    return this.#ahead.size > AHEAD
  }

  begin(cursor: TranscriptCursor, { conversation, messages, reply }: SessionReady): void {
    const known = cursor.conversation_id ?? conversation?.id
    const before = conversation !== null && known === conversation.id ? (cursor.last_seq ?? 0) : 0
    this.#place = {
      ...(conversation && { conversation_id: conversation.id }),
      seq: messages.at(-1)?.seq ?? before,
      ...(reply && { reply: { ...reply, offset: reply.offset + reply.text.length } }),
    }
  }

  /** Takes in an event of the conversation `of`, before its id is read. */
  hear<E extends keyof WidgetEvents>(of: Address, event: E, args: Parameters<WidgetEvents[E]>): void {
    const { conversation_id } = of
    if (event === 'conversation:started') {
      this.#place = { conversation_id, seq: 0 }
      this.#ahead.clear()
    }
    // The end of an answer may be told after the next conversation has begun.
    if (conversation_id === this.#place.conversation_id) this.#move(event, args)
  }

  #move<E extends keyof WidgetEvents>(event: E, args: Parameters<WidgetEvents[E]>): void {
    switch (event) {
      case 'message:created':
        this.#message((args as Parameters<WidgetEvents['message:created']>)[0].message.seq)
        break
      case 'reply:start':
        this.#reply(args[0] as ReplyStart, 0)
        break
      case 'reply:delta': {
        const [turn, attempt, offset, text] = args as Parameters<WidgetEvents['reply:delta']>
        this.#reply({ turn, attempt }, offset + text.length)
        break
      }
      case 'reply:end': {
        const { turn, message } = (args as Parameters<WidgetEvents['reply:end']>)[0]
        if (turn >= (this.#place.reply?.turn ?? 0)) delete this.#place.reply
        this.#message(message.seq)
      }
    }
  }

  #reply({ turn, attempt }: { turn: number; attempt: number }, offset: number): void {
    this.#place.reply = { turn, attempt, offset }
  }

  #message(seq: number): void {
    if (seq > this.#place.seq) this.#ahead.add(seq)
    while (this.#ahead.delete(this.#place.seq + 1)) this.#place.seq++
  }
}
