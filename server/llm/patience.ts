import { ProviderError } from './provider.ts'
import type { VendorLimits } from './stream-answer.ts'

/** How long a visitor waits for the first word, where others could answer too. Milliseconds. */
export interface Patience {
  /** For the first word of a model that has another one behind it. */
  eachWord: number
  /** For all models together: after so long without a word no further one is begun. */
  allWords: number
}

export const PATIENCE: Readonly<Patience> = { eachWord: 45_000, allWords: 90_000 }

/**
 * The limits of a model that has another one behind it: one repetition, soon, and half the time to begin. Who is asked
 * next answers sooner than the second repetition of one that just failed twice.
 */
export function hastyLimits<Limits extends VendorLimits>(limits: Limits): Limits {
  const { time } = limits
  return {
    ...limits,
    time: { ...time, connect: time.connect / 2, firstToken: time.firstToken / 2 },
    retry: { retries: 1, firstWait: 250, longestWait: 1_000 },
  }
}

/** A signal that aborts with the caller's reason, or as a `timeout` when no word comes in time. Close it. */
export class FirstWord {
  readonly #stop = new AbortController()
  readonly #caller: AbortSignal
  readonly #follow: () => void
  readonly #timer: NodeJS.Timeout | null

  /** `ms` null: as long as it takes. */
  constructor(caller: AbortSignal, ms: number | null) {
    this.#caller = caller
    this.#follow = () => {
      this.#stop.abort(caller.reason)
    }
    this.#timer = ms === null ? null : setTimeout(() => this.#late(ms), ms)
    if (caller.aborted) this.#follow()
    else caller.addEventListener('abort', this.#follow, { once: true })
  }

  get signal(): AbortSignal {
    return this.#stop.signal
  }

  /** It came. */
  came(): void {
    if (this.#timer) clearTimeout(this.#timer)
  }

  close(): void {
    this.came()
    this.#caller.removeEventListener('abort', this.#follow)
  }

  #late(ms: number): void {
    this.#stop.abort(
      new ProviderError('timeout', `No word came in time (${ms} ms), and another model can answer`),
    )
  }
}
