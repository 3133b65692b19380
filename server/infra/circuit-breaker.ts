/** When a breaker opens, and for how long. Times in milliseconds. */
export interface BreakerLimits {
  /** Failures in a row that open it. */
  failures: number
  /** The first pause. It doubles with each probe that fails, up to the longest. */
  firstPause: number
  longestPause: number
  /** Who asks to be left alone for longer than this is left alone at once, after a single failure. */
  patience: number
  /** The longest that the other side may ask for. */
  longestAsked: number
}

export const BREAKER_LIMITS: Readonly<BreakerLimits> = {
  failures: 5,
  firstPause: 5_000,
  longestPause: 60_000,
  patience: 8_000,
  longestAsked: 600_000,
}

/** `open`: nobody is let through; `half_open`: one call is under way that shows whether it may close. */
export type BreakerState = 'closed' | 'open' | 'half_open'

/** What a breaker is made of; time, chance and what is told of it can be given. */
export interface BreakerParts {
  limits?: BreakerLimits
  /** By a clock that never goes back. */
  now?: () => number
  /** From 0 to 1. */
  random?: () => number
  /** It opened, for so many milliseconds, or closed. */
  onChange?: (state: 'open' | 'closed', pauseMs: number) => void
}

/** The way of one call through a breaker. Exactly one of the last three is said, once; what comes later is not heard. */
export interface Pass {
  /** The other side is at work: enough for others to be let through again. A failure after it opens the breaker anew. */
  alive(): void
  succeeded(): void
  /** `askedMs`: how long the other side asks to be left alone. */
  failed(askedMs?: number): void
  /** It tells nothing: given up by the caller, or by a fault of our own. */
  abandoned(): void
}

/** How far around its length a pause is spread, so that many nodes do not come back at the same moment. */
const SPREAD = 0.25

/**
 * Keeps calls away from what does not answer: they are refused at once, until a pause has passed and one call, the
 * probe, got through. Runs no timer, so it needs no end.
 */
export class CircuitBreaker {
  readonly #limits: BreakerLimits
  readonly #now: () => number
  readonly #random: () => number
  readonly #onChange: NonNullable<BreakerParts['onChange']>
  #state: BreakerState = 'closed'
  /** Failures in a row. */
  #failures = 0
  /** How often it opened since it was last well. */
  #openings = 0
  #openUntil = 0
  /** Rises whenever it opens: what began before tells nothing any more. */
  #period = 0

  constructor(parts: BreakerParts = {}) {
    this.#limits = parts.limits ?? BREAKER_LIMITS
    this.#now = parts.now ?? (() => performance.now())
    this.#random = parts.random ?? Math.random
    this.#onChange = parts.onChange ?? (() => undefined)
  }

  get state(): BreakerState {
    return this.#state
  }

  /** Milliseconds until a probe may be sent; 0 when calls are let through, or one is due. */
  get pauseLeft(): number {
    return this.#state === 'open' ? Math.max(0, this.#openUntil - this.#now()) : 0
  }

  /** Whether the next call would be let through. */
  get lets(): boolean {
    return this.#state === 'closed' || (this.#state === 'open' && this.pauseLeft === 0)
  }

  /** Lets a call through; null: it is refused. */
  enter(): Pass | null {
    if (!this.lets) return null
    const isProbe = this.#state === 'open'
    if (isProbe) this.#state = 'half_open'
    return this.#pass(isProbe)
  }

  #pass(isProbe: boolean): Pass {
    const period = this.#period
    let over = false
    const settle = (how: () => void) => {
      if (over) return
      over = true
      if (period === this.#period) how()
    }
    return {
      alive: () => {
        if (!over && period === this.#period && this.#state === 'half_open')
          this.#close(this.#limits.failures - 1)
      },
      succeeded: () => {
        settle(() => this.#well())
      },
      failed: (askedMs = 0) => {
        settle(() => this.#failed(Math.min(askedMs, this.#limits.longestAsked)))
      },
      abandoned: () => {
        settle(() => {
          if (isProbe && this.#state === 'half_open') this.#state = 'open'
        })
      },
    }
  }

  #well(): void {
    if (this.#state !== 'closed') this.#close(0)
    this.#failures = 0
    this.#openings = 0
  }

  #close(failures: number): void {
    this.#state = 'closed'
    this.#failures = failures
    this.#onChange('closed', 0)
  }

  #failed(askedMs: number): void {
    this.#failures++
    const { failures, patience, firstPause, longestPause } = this.#limits
    if (this.#state === 'closed' && this.#failures < failures && askedMs <= patience) return
    const grown = Math.min(longestPause, firstPause * 2 ** this.#openings)
    const spread = 1 + SPREAD * this.#random()
    const pause = Math.max(grown * (spread - SPREAD / 2), askedMs * spread)
    this.#state = 'open'
    this.#openings++
    this.#period++
    this.#openUntil = this.#now() + pause
    this.#onChange('open', pause)
  }
}
