/** Milliseconds that all calls of one turn may take together. */
export const TOOL_TIME = 60_000

export interface ToolTimeParts {
  /** Milliseconds, by a clock that never goes back. */
  now: () => number
  /** Told whenever the turn's calls come to wait for nothing but the visitor, and when they do something again. */
  waiting: (isWaiting: boolean) => void
}

/** The time of one turn for its calls: it runs from the first of them on, but not while the visitor is asked. */
export class ToolTime {
  readonly #parts: ToolTimeParts
  #until: number | null = null
  #askingSince = 0
  #running = 0
  #asking = 0
  #isWaiting = false

  constructor(parts: ToolTimeParts) {
    this.#parts = parts
  }

  /** Milliseconds. */
  get left(): number {
    const now = this.#parts.now()
    return (this.#until ?? now + TOOL_TIME) + this.#asked(now) - now
  }

  /** Runs one call. */
  async during<T>(call: () => Promise<T>): Promise<T> {
    this.#until ??= this.#parts.now() + TOOL_TIME
    this.#count({ running: 1 })
    try {
      return await call()
    } finally {
      this.#count({ running: -1 })
    }
  }

  /** Waits for the visitor, within a call. */
  async asking<T>(wait: () => Promise<T>): Promise<T> {
    if (this.#asking === 0) this.#askingSince = this.#parts.now()
    this.#count({ asking: 1 })
    try {
      return await wait()
    } finally {
      if (this.#asking === 1 && this.#until !== null) this.#until += this.#asked(this.#parts.now())
      this.#count({ asking: -1 })
    }
  }

  #asked(now: number): number {
    return this.#asking === 0 ? 0 : now - this.#askingSince
  }

  #count({ running = 0, asking = 0 }: { running?: number; asking?: number }): void {
    this.#running += running
    this.#asking += asking
    const isWaiting = this.#asking > 0 && this.#asking === this.#running
    if (isWaiting === this.#isWaiting) return
    this.#isWaiting = isWaiting
    this.#parts.waiting(isWaiting)
  }
}
