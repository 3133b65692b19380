import { DatabaseUnavailable } from './database.ts'
import type { Logger } from './logger.ts'

export interface WaitingRoomParts<Waiting> {
  /** Asks Postgres what has become of these, and settles whom that concerns. May reject. */
  look: (some: readonly Waiting[]) => Promise<void>
  /** How often everybody is looked at, for what nobody tells; in milliseconds. */
  lookEvery: number
  /** Looked at together at most. */
  atOnce: number
  log: Logger
  /** For the log: what was not looked at. */
  what: string
}

/**
 * Those who wait for something that Postgres tells. Being woken, and a look each `lookEvery`, say when to ask it. One
 * look at a time: who becomes due meanwhile is looked at together. A look that fails is made up for by the next one.
 */
export class WaitingRoom<Waiting> {
  readonly #parts: WaitingRoomParts<Waiting>
  readonly #here = new Set<Waiting>()
  readonly #due = new Set<Waiting>()
  #timer: NodeJS.Timeout | null = null
  #looking = false

  constructor(parts: WaitingRoomParts<Waiting>) {
    this.#parts = parts
  }

  get here(): ReadonlySet<Waiting> {
    return this.#here
  }

  enter(waiting: Waiting): void {
    this.#here.add(waiting)
    this.#timer ??= setInterval(() => {
      this.wake(this.#here)
    }, this.#parts.lookEvery)
  }

  leave(waiting: Waiting): void {
    this.#here.delete(waiting)
    this.#due.delete(waiting)
    if (this.#here.size > 0 || this.#timer === null) return
    clearInterval(this.#timer)
    this.#timer = null
  }

  /** Something has happened that may concern them. */
  wake(some: Iterable<Waiting>): void {
    for (const waiting of some) this.#due.add(waiting)
    if (!this.#looking && this.#due.size > 0) void this.#look()
  }

  async #look(): Promise<void> {
    this.#looking = true
    // One event may wake many.
    await Promise.resolve()
    try {
      while (this.#due.size > 0) await this.#parts.look(this.#takeDue())
    } catch (error) {
      this.#due.clear()
      const { log, what } = this.#parts
      if (error instanceof DatabaseUnavailable) log.debug({ reason: error.message }, `no ${what} looked at`)
      else log.error({ err: error }, `no ${what} looked at`)
    } finally {
      this.#looking = false
    }
  }

  #takeDue(): Waiting[] {
    const taken = [...this.#due].slice(0, this.#parts.atOnce)
    for (const waiting of taken) this.#due.delete(waiting)
    return taken
  }
}
