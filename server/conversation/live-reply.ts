import type { ReplyCursor, RunningReply } from '../../protocol/records.ts'
import { NO_CHECKPOINTS } from './checkpoints.ts'
import type { ClaimedTurn } from './claim.ts'
import type { Checkpoint } from './kept-reply.ts'
import type { Publisher } from './publisher.ts'

/**
 * The text of a running reply: kept whole for those who come in the middle, published piece by piece. The first
 * piece of an event-loop turn leaves at once; what else arrives in that turn leaves together at its end.
 */
export class LiveReply {
  readonly #publisher: Publisher
  readonly #claimed: ClaimedTurn
  readonly #checkpoint: Checkpoint
  #answersTo = 0
  #begun = false
  #sent = ''
  #pending = ''
  #flush: NodeJS.Immediate | null = null

  constructor(publisher: Publisher, claimed: ClaimedTurn, checkpoints = NO_CHECKPOINTS) {
    this.#publisher = publisher
    this.#claimed = claimed
    this.#checkpoint = checkpoints.open(claimed)
  }

  /** All that was said so far. */
  get text(): string {
    return this.#sent + this.#pending
  }

  /** Says that the turn is at work, or at work again on a message more. */
  begin(answersTo: number): void {
    const { to, turn, attempt, epoch } = this.#claimed
    this.#begun = true
    this.#answersTo = answersTo
    this.#publisher.publish(to, 'reply:start', { turn, attempt, epoch, answers_to: answersTo })
  }

  append(text: string): void {
    this.#pending += text
    if (this.#flush) return
    this.#send()
    this.#flush = setImmediate(() => {
      this.#flush = null
      this.#send()
    })
  }

  /** All was said: what waits leaves now. The reply's end may come in this very turn of the event loop. */
  flush(): void {
    this.#send()
  }

  /** The reply from the cursor's offset on where it speaks of this attempt, else from the first character. */
  snapshot(cursor: ReplyCursor | undefined): RunningReply | undefined {
    if (!this.#begun) return undefined
    this.#send()
    const { turn, attempt, epoch } = this.#claimed
    const continues =
      cursor?.turn === turn && cursor.attempt === attempt && cursor.offset <= this.#sent.length
    const offset = continues ? cursor.offset : 0
    return { turn, attempt, epoch, answers_to: this.#answersTo, offset, text: this.#sent.slice(offset) }
  }

  /** Nothing is published or kept any more. */
  close(): void {
    if (this.#flush) clearImmediate(this.#flush)
    this.#flush = null
    this.#checkpoint.close()
  }

  /** The turn has ended: nobody will need to know what it had said. */
  forget(): void {
    this.#checkpoint.drop()
  }

  /** Sends what waits, up to the last whole character: a piece never ends between two surrogates. */
  #send(): void {
    const whole = endsInHalfPair(this.#pending) ? this.#pending.length - 1 : this.#pending.length
    if (whole === 0) return
    const piece = this.#pending.slice(0, whole)
    const { to, turn, attempt } = this.#claimed
    const offset = this.#sent.length
    this.#sent += piece
    this.#pending = this.#pending.slice(whole)
    this.#publisher.publish(to, 'reply:delta', turn, attempt, offset, piece)
    this.#checkpoint.keep(this.#sent, this.#answersTo)
  }
}

function endsInHalfPair(text: string): boolean {
  const last = text.charCodeAt(text.length - 1)
  return last >= 0xd800 && last <= 0xdbff
}
