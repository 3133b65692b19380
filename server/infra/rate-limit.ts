/** What a limit answers. */
export interface Allowance {
  allowed: boolean
  /** Milliseconds until it is worth asking again; 0 when allowed. */
  retryAfterMs: number
}

/** How often something may happen in one minute, or one hour, of the clock. */
export interface Rate {
  most: number
  per: Window
}

export type Window = 'minute' | 'hour'

/** Milliseconds; windows are counted from 1970. */
export const WINDOWS: Readonly<Record<Window, number>> = { minute: 60_000, hour: 3_600_000 }

/** Counts what happens to a key in each window. Redis can stand behind it as well as memory. */
export interface RateLimits {
  /**
   * Takes one of `rate.most` of this window. A refused one is not counted. Never rejects; limits that cannot be
   * reached allow everything.
   */
  take(key: string, rate: Rate): Promise<Allowance>
}

/** One key with its rate. */
export interface Limit {
  key: string
  rate: Rate
}

/** Keys counted at most in one kind of window. A flood of new keys beyond makes the oldest count from zero again. */
const KEYS_COUNTED = 100_000

/** Counts in this process's memory. */
export function createRateLimits(now: () => number = Date.now): RateLimits {
  const counters: Record<Window, Counter> = { minute: newCounter(), hour: newCounter() }

  return {
    take(key, { most, per }) {
      const at = now()
      const window = Math.floor(at / WINDOWS[per])
      if (counters[per].window !== window) counters[per] = { window, taken: new Map() }
      const { taken } = counters[per]
      const before = taken.get(key) ?? 0
      if (before >= most) {
        return Promise.resolve({ allowed: false, retryAfterMs: (window + 1) * WINDOWS[per] - at })
      }
      if (before === 0 && taken.size >= KEYS_COUNTED) forgetOldest(taken)
      taken.set(key, before + 1)
      return Promise.resolve({ allowed: true, retryAfterMs: 0 })
    },
  }
}

interface Counter {
  window: number
  taken: Map<string, number>
}

function newCounter(): Counter {
  return { window: 0, taken: new Map() }
}

function forgetOldest(taken: Map<string, number>): void {
  for (const key of taken.keys()) {
    taken.delete(key)
    return
  }
}

/** Limits that allow everything: `RATE_LIMITS=off`. */
export const UNLIMITED: RateLimits = {
  take: () => Promise.resolve({ allowed: true, retryAfterMs: 0 }),
}

/**
 * Takes one of each in their order, and stops at the first that is exhausted, which it names. Give the narrowest
 * first: a single visitor who is over his own limit then uses up nothing of what he shares with others.
 */
export async function takeAll<L extends Limit>(
  limits: RateLimits,
  wanted: readonly L[],
): Promise<Allowance & { exhausted: L | null }> {
  for (const limit of wanted) {
    const allowance = await limits.take(limit.key, limit.rate)
    if (!allowance.allowed) return { ...allowance, exhausted: limit }
  }
  return { allowed: true, retryAfterMs: 0, exhausted: null }
}

/** A bucket that holds `burst` requests and fills at `perSecond`. */
export interface Bucket {
  take(): Allowance
}

/** A full bucket. */
export function createBucket(
  rate: { perSecond: number; burst: number },
  now: () => number = Date.now,
): Bucket {
  let tokens = rate.burst
  let filledAt = now()
  return {
    take() {
      const at = now()
      tokens = Math.min(rate.burst, tokens + (Math.max(0, at - filledAt) * rate.perSecond) / 1000)
      filledAt = at
      if (tokens < 1)
        return { allowed: false, retryAfterMs: Math.ceil(((1 - tokens) * 1000) / rate.perSecond) }
      tokens -= 1
      return { allowed: true, retryAfterMs: 0 }
    },
  }
}

/** How many of something a key may hold at once: sockets of an address. */
export interface Occupancy {
  /** Null when the key holds its fill; else to be called when this one is let go, once. */
  enter(key: string): (() => void) | null
}

/** Keys are kept only while they hold something, so their number is bounded by that of the things. */
export function createOccupancy(limit: number): Occupancy {
  const held = new Map<string, number>()
  return {
    enter(key) {
      const before = held.get(key) ?? 0
      if (before >= limit) return null
      held.set(key, before + 1)
      let inside = true
      return () => {
        if (!inside) return
        inside = false
        const left = (held.get(key) ?? 1) - 1
        if (left === 0) held.delete(key)
        else held.set(key, left)
      }
    },
  }
}
