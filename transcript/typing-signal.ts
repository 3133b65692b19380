/** Milliseconds: "typing" is said at most this often, and taken back after this much silence. */
const SAY_EVERY = 3_000
const IDLE_AFTER = 3_000

/** Tells the server when the visitor types, so that an answer can wait for the rest of a thought. */
export class TypingSignal {
  readonly #say: (typing: boolean) => void
  readonly #now: () => number
  #saidAt: number | null = null
  #idle: ReturnType<typeof setTimeout> | undefined

  constructor(say: (typing: boolean) => void, now: () => number = Date.now) {
    this.#say = say
    this.#now = now
  }

  /** The composer's text has changed to this. */
  changed(text: string): void {
    clearTimeout(this.#idle)
    if (text.trim() === '') {
      this.stop()
      return
    }
    this.#idle = setTimeout(() => this.stop(), IDLE_AFTER)
    if (this.#saidAt !== null && this.#now() - this.#saidAt < SAY_EVERY) return
    this.#saidAt = this.#now()
    this.#say(true)
  }

  /** The message was sent, emptied or left alone. */
  stop(): void {
    clearTimeout(this.#idle)
    if (this.#saidAt === null) return
    this.#saidAt = null
    this.#say(false)
  }
}
