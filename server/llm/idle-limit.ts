/**
 * A limit on how long nothing may happen. Putting it off reads a clock and nothing else, since that is done for every
 * token: the timer finds out by itself, when it is due, that it has been put off. `refresh` of a timer costs ten times
 * as much (docs/decisions/2026-11-23-a-token-through-the-server.md).
 */
export class IdleLimit {
  readonly #ms: number
  readonly #passed: () => void
  #last = performance.now()
  #timer: NodeJS.Timeout

  /** `passed` is called once, when nothing has happened for `ms` milliseconds. */
  constructor(ms: number, passed: () => void) {
    this.#ms = ms
    this.#passed = passed
    this.#timer = setTimeout(this.#look, ms)
  }

  /** Something has happened. */
  putOff(): void {
    this.#last = performance.now()
  }

  close(): void {
    clearTimeout(this.#timer)
  }

  readonly #look = (): void => {
    const left = this.#last + this.#ms - performance.now()
    // Timers may be early by a fraction of a millisecond.
    if (left < 1) this.#passed()
    else this.#timer = setTimeout(this.#look, left)
  }
}
