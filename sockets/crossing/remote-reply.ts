import type { ReplyCursor, RunningReply } from '../../protocol/records.ts'
import type { ReplyStart } from '../../protocol/widget.ts'

/** A reply that runs on another node, as far as it was heard. */
export class RemoteReply {
  readonly #start: ReplyStart
  #text = ''

  constructor({ turn, attempt, epoch, answers_to }: ReplyStart) {
    this.#start = { turn, attempt, epoch, answers_to }
  }

  get turn(): number {
    return this.#start.turn
  }

  get epoch(): number {
    return this.#start.epoch
  }

  get length(): number {
    return this.#text.length
  }

  is(turn: number, attempt: number): boolean {
    return this.#start.turn === turn && this.#start.attempt === attempt
  }

  isBefore({ turn, attempt }: { turn: number; attempt: number }): boolean {
    return this.#start.turn < turn || (this.#start.turn === turn && this.#start.attempt < attempt)
  }

  /** Takes a piece and gives what of it is new; null where something before it was not heard. */
  append(offset: number, text: string): string | null {
    if (offset > this.#text.length) return null
    const fresh = text.slice(this.#text.length - offset)
    this.#text += fresh
    return fresh
  }

  /** From the cursor's offset on where it speaks of this attempt, else from the first character. */
  snapshot(cursor: ReplyCursor | undefined): RunningReply {
    const continues = cursor && this.is(cursor.turn, cursor.attempt) && cursor.offset <= this.#text.length
    const offset = continues ? cursor.offset : 0
    return { ...this.#start, offset, text: this.#text.slice(offset) }
  }
}
