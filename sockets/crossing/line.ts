import { setTimeout as delay } from 'node:timers/promises'
import type { Bus } from '../../server/infra/redis/bus.ts'
import type { Address } from '../../server/conversation/publisher.ts'
import type { Carried, Frame } from './frames.ts'

/** Bounds of one line. */
export interface LineLimits {
  /** Pieces of a reply are put together for this long, in milliseconds ... */
  mergeFor: number
  /** ... or until they have as many UTF-16 units. */
  mergeUpTo: number
  /** Events that wait to hear whether anybody listens; more means that Redis is as good as away. */
  waiting: number
  /** Between tries to say that something could not be told, in milliseconds, and how often. */
  retryEvery: number
  retries: number
}

export const LINE_LIMITS: Readonly<LineLimits> = {
  mergeFor: 20,
  mergeUpTo: 1_024,
  waiting: 256,
  retryEvery: 500,
  retries: 20,
}

export interface LineParts {
  bus: Bus
  channel: string
  limits: LineLimits
  hear: (message: string) => void
  encode: (frame: Frame) => string
}

/** A frame that names its conversation. */
type Addressed = Extract<Frame, { to: Address }>

interface Merged {
  to: Address
  args: [turn: number, attempt: number, offset: number, text: string]
}

/**
 * The channel of one session, while somebody listens here or its turn runs here. Whoever has something to tell asks
 * first how many listen elsewhere: a reply that nobody else hears is not published at all.
 */
export class Line {
  /** Resolves when what others publish is heard, or cannot be. Never rejects. */
  reached: Promise<void>
  readonly #parts: LineParts
  /** `shut`: nobody else listens, so pieces of a reply go nowhere until something else is to be told. */
  #state: 'asking' | 'open' | 'shut' = 'shut'
  #isHeard = false
  #isClosed = false
  #leave: (() => void) | null = null
  #waiting: Addressed[] = []
  #merged: Merged | null = null
  #timer: NodeJS.Timeout | null = null
  /** Counts how often somebody was found to listen: what was asked before says nothing of now. */
  #openings = 0
  /** What could not be told, so that others are to look: how much, and since when by `performance.now()`. */
  #owing: { since: number; count: number } | null = null

  constructor(parts: LineParts) {
    this.#parts = parts
    this.reached = this.#subscribe()
  }

  /** A piece of a reply would be told to nobody. */
  get isShut(): boolean {
    return this.#state === 'shut'
  }

  /** What others publish is heard here. */
  get isHeard(): boolean {
    return this.#isHeard
  }

  /** Once Redis is back. */
  subscribeAgain(): void {
    if (!this.#isHeard && !this.#isClosed) this.reached = this.#subscribe()
  }

  /** Tells others, where there are any. */
  carry(frame: Carried): void {
    const piece = frame.kind === 'event' && frame.event === 'reply:delta' ? frame.args : null
    if (this.#state === 'shut') {
      if (piece) return
      this.#ask(frame.to)
    }
    if (this.#state === 'asking') this.#wait(frame)
    else if (piece) this.#merge(frame.to, piece)
    else this.call(frame)
  }

  /** Publishes at once, whoever listens, after all that came before. */
  call(frame: Addressed): void {
    this.#flush()
    const { bus, channel, encode } = this.#parts
    const openings = this.#openings
    bus.publish(channel, encode(frame)).then(
      (reached) => {
        if (reached <= Number(this.#isHeard) && openings === this.#openings) this.#shut()
      },
      () => this.#fail(frame.to),
    )
  }

  /** Somebody listens: what waited is told. */
  open(): void {
    const waiting = this.#waiting
    this.#waiting = []
    this.#state = 'open'
    this.#openings++
    for (const frame of waiting) this.call(frame)
  }

  /** What waits is told without asking: our own leaving would blur the count. */
  close(): void {
    if (this.#state === 'asking') this.open()
    this.#flush()
    this.#isClosed = true
    this.#isHeard = false
    this.#leave?.()
  }

  async #subscribe(): Promise<void> {
    const { bus, channel, hear } = this.#parts
    try {
      const leave = await bus.subscribe(channel, hear)
      if (this.#isClosed) leave()
      else {
        this.#leave = leave
        this.#isHeard = true
      }
    } catch {
      // Redis is away. Whoever listens is served from Postgres until it is back.
    }
  }

  #ask(to: Address): void {
    this.#state = 'asking'
    const answered = this.reached.then(() => this.#parts.bus.listeners(this.#parts.channel))
    answered.then(
      (count) => {
        if (this.#state !== 'asking') return
        if (count > Number(this.#isHeard)) this.open()
        else this.#shut()
      },
      () => this.#fail(to),
    )
  }

  /** What could not be told is in Postgres; others are told to look there as soon as they can be told anything. */
  #fail(to: Address): void {
    this.#shut()
    if (this.#owing) {
      this.#owing.count++
      return
    }
    this.#owing = { since: performance.now(), count: 1 }
    void this.#payUp(to, this.#owing)
  }

  async #payUp(to: Address, owing: { since: number; count: number }): Promise<void> {
    const { bus, channel, encode, limits } = this.#parts
    for (let tries = 0; tries < limits.retries; tries++) {
      await delay(limits.retryEvery, undefined, { ref: false })
      const withinMs = Math.ceil(performance.now() - owing.since)
      const { count } = owing
      try {
        await bus.publish(channel, encode({ kind: 'missed', to, withinMs }))
        // Who was told may have looked before that was there which could not be told meanwhile.
        if (owing.count === count) break
      } catch {
        // Once more, after a while: a Redis that was away for long makes everybody look by themselves.
      }
    }
    this.#owing = null
  }

  #wait(frame: Carried): void {
    if (this.#waiting.length < this.#parts.limits.waiting) this.#waiting.push(frame)
    else this.#fail(frame.to)
  }

  #shut(): void {
    this.#state = 'shut'
    this.#waiting = []
    this.#drop()
  }

  #merge(to: Address, args: Merged['args']): void {
    const [turn, attempt, , text] = args
    const merged = this.#merged
    if (merged?.args[0] === turn && merged.args[1] === attempt) merged.args[3] += text
    else {
      this.#flush()
      this.#merged = { to, args: [...args] }
    }
    if ((this.#merged?.args[3].length ?? 0) >= this.#parts.limits.mergeUpTo) this.#flush()
    else this.#timer ??= setTimeout(() => this.#flush(), this.#parts.limits.mergeFor)
  }

  #flush(): void {
    const merged = this.#merged
    this.#drop()
    if (merged) this.call({ kind: 'event', to: merged.to, event: 'reply:delta', args: merged.args })
  }

  #drop(): void {
    this.#merged = null
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
  }
}
