import { setTimeout as delay } from 'node:timers/promises'
import { DatabaseUnavailable } from '../infra/database.ts'
import type { Logger } from '../infra/logger.ts'
import type { TurnLimits } from './limits.ts'

export interface ReaperParts {
  /** Takes over at most so many turns that nobody alive owns, and says how many it took. */
  reap: (atMost: number) => Promise<number>
  limits: Pick<TurnLimits, 'reapEvery' | 'reapAtOnce'>
  log: Logger
}

/** Looks for turns that nobody runs: every `reapEvery`, at once where it is asked to, and as long as there are more. */
export class Reaper {
  readonly #parts: ReaperParts
  readonly #stopped = new AbortController()
  #pause = new AbortController()
  #looking: Promise<void> = Promise.resolve()

  constructor(parts: ReaperParts) {
    this.#parts = parts
  }

  start(): void {
    this.#looking = this.#look()
  }

  /** Looks now, or once more where it is looking already. */
  hurry(): void {
    this.#pause.abort()
  }

  async stop(): Promise<void> {
    this.#stopped.abort()
    this.#pause.abort()
    await this.#looking
  }

  async #look(): Promise<void> {
    const { reapAtOnce, reapEvery } = this.#parts.limits
    while (!this.#stopped.signal.aborted) {
      this.#pause = new AbortController()
      const taken = await this.#reap()
      if (taken >= reapAtOnce) continue
      await delay(reapEvery, undefined, { signal: this.#pause.signal }).catch(() => undefined)
    }
  }

  async #reap(): Promise<number> {
    const { reap, limits, log } = this.#parts
    try {
      return await reap(limits.reapAtOnce)
    } catch (error) {
      if (error instanceof DatabaseUnavailable) log.debug({ reason: error.message }, 'no turns adopted')
      else log.error({ err: error }, 'no turns adopted')
      return 0
    }
  }
}
