import { readStamp } from '../provider/stamp.ts'
import type { Piece } from './dialect.ts'

/**
 * Checks one answer while it comes: every piece where it belongs, every token once and in order, nothing missing at its
 * end. An attempt that is begun anew replaces the one before. Faults are told in words.
 */
export class AnswerCheck {
  readonly faults: string[] = []
  /** How often it was begun anew. */
  restarts = 0
  #attempt: number | null = null
  #text = ''
  #parted = 0
  #next = 0
  #hadLast = false

  /** Whether anything has come. */
  get begun(): boolean {
    return this.#text !== ''
  }

  /** Takes a piece, and gives the stamps of the tokens that are whole with it. */
  take({ text, offset, attempt }: Piece, stamped: (at: number) => void): void {
    if (attempt !== this.#attempt) this.#begin(attempt)
    if (offset !== null && offset !== this.#text.length)
      this.faults.push(`a piece for offset ${offset} came at ${this.#text.length}`)
    this.#text += text
    for (;;) {
      const end = this.#text.indexOf(' ', this.#parted)
      if (end === -1) return
      const stamp = readStamp(this.#text.slice(this.#parted, end))
      this.#parted = end + 1
      if (stamp?.number !== this.#next)
        this.faults.push(`token ${this.#next} was awaited, ${String(stamp?.number)} came`)
      this.#next = (stamp?.number ?? this.#next) + 1
      this.#hadLast = stamp?.isLast === true
      if (stamp) stamped(stamp.at)
    }
  }

  /** The answer is over: `whole` is what the contender says that it was. */
  end(whole: string | null): void {
    if (!this.#hadLast) this.faults.push(`it ended after ${this.#next} tokens, before the last one`)
    if (whole !== null && whole !== this.#text) this.faults.push('the whole text is not what was streamed')
  }

  #begin(attempt: number | null): void {
    if (this.#attempt !== null && attempt !== null && attempt < this.#attempt)
      this.faults.push(`attempt ${attempt} spoke after ${this.#attempt}`)
    if (this.#attempt !== null) this.restarts++
    this.#attempt = attempt
    this.#text = ''
    this.#parted = 0
    this.#next = 0
    this.#hadLast = false
  }
}
