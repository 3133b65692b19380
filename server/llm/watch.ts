import { IdleLimit } from './idle-limit.ts'
import { ProviderError } from './provider.ts'

/** How long a vendor may take for what. Milliseconds. */
export interface TimeLimits {
  /** Until the connection stands. */
  connect: number
  /** From the request until the model begins to say, call or think anything. */
  firstToken: number
  /** Between two signs of life on the connection, once there was one; a ping is one. */
  silence: number
  /** Without a word or a piece of a call, however alive the connection is: the longest thinking. */
  wordless: number
  /** For everything, repetitions included. */
  answer: number
}

export const TIME_LIMITS: Readonly<TimeLimits> = {
  connect: 5_000,
  firstToken: 30_000,
  silence: 20_000,
  wordless: 90_000,
  answer: 300_000,
}

/**
 * Watches over one request: `signal` aborts with the caller's reason, or with a `ProviderError` of code `timeout` when
 * a limit passes. Close it whatever happens, else its timers stay.
 */
export class Watch {
  readonly #stop = new AbortController()
  readonly #caller: AbortSignal
  readonly #limits: TimeLimits
  readonly #follow: () => void
  readonly #answer: NodeJS.Timeout
  #firstToken: NodeJS.Timeout | null
  #silence: IdleLimit | null = null
  #wordless: IdleLimit | null = null
  /** Whether `signal` has aborted: cheap enough to ask for every token. */
  over = false

  /** `endsAt` is by `performance.now()`. */
  constructor(caller: AbortSignal, limits: TimeLimits, endsAt: number) {
    this.#caller = caller
    this.#limits = limits
    this.#follow = () => {
      this.#end(caller.reason)
    }
    this.#answer = this.#after(Math.max(0, endsAt - performance.now()), 'The answer took too long')
    this.#firstToken = this.#after(limits.firstToken, 'The model did not begin in time')
    if (caller.aborted) this.#follow()
    else caller.addEventListener('abort', this.#follow, { once: true })
  }

  get signal(): AbortSignal {
    return this.#stop.signal
  }

  /** Something came over the connection. */
  heard(): void {
    if (this.#silence) this.#silence.putOff()
    else this.#silence = this.#idle(this.#limits.silence, 'The stream fell silent')
  }

  /** The model is at work: it thinks, speaks or calls. */
  began(): void {
    if (!this.#firstToken) return
    clearTimeout(this.#firstToken)
    this.#firstToken = null
    this.#wordless = this.#idle(this.#limits.wordless, 'The model went without a word for too long')
  }

  /** A word, or a piece of a call. */
  spoke(): void {
    if (this.#wordless) this.#wordless.putOff()
    else this.began()
  }

  close(): void {
    this.#caller.removeEventListener('abort', this.#follow)
    clearTimeout(this.#answer)
    if (this.#firstToken) clearTimeout(this.#firstToken)
    this.#silence?.close()
    this.#wordless?.close()
  }

  #after(ms: number, what: string): NodeJS.Timeout {
    return setTimeout(() => this.#late(ms, what), ms)
  }

  #idle(ms: number, what: string): IdleLimit {
    return new IdleLimit(ms, () => this.#late(ms, what))
  }

  #late(ms: number, what: string): void {
    this.#end(new ProviderError('timeout', `${what} (${Math.round(ms)} ms)`))
  }

  #end(reason: unknown): void {
    if (this.over) return
    this.over = true
    this.#stop.abort(reason)
  }
}
