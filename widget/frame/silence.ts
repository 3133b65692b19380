/** Milliseconds between two looks at the clock. */
const TICK = 2_000

/**
 * Watches for a server that is heard no more, by the clock on the wall: timers stand still while a laptop sleeps, and
 * the line that it wakes up with is dead.
 */
export class Silence {
  heardAt = Date.now()
  readonly #allowed: number
  #deadline: number
  readonly #timer: ReturnType<typeof setInterval>

  /** `onDead` may be called again until `end`. `allowed`: milliseconds of silence. */
  constructor(allowed: number, onDead: () => void) {
    this.#allowed = this.#deadline = allowed
    this.#timer = setInterval(() => {
      // A clock that was set back would make any silence look short.
      if (Math.abs(Date.now() - this.heardAt) > this.#deadline) onDead()
    }, TICK)
  }

  /** The server lives; silence from now on may last `allowed` milliseconds. */
  heard(allowed = this.#allowed): void {
    this.heardAt = Date.now()
    this.#deadline = allowed
  }

  end(): void {
    clearInterval(this.#timer)
  }
}
