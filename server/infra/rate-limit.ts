/** What a limit answers. */
export interface Allowance {
  allowed: boolean
  /** Milliseconds until it is worth asking again; 0 when allowed. */
  retryAfterMs: number
}

/** Counts what happens to a key in each minute of the clock. Redis can stand behind it as well as memory. */
export interface MinuteLimits {
  /** Takes one of `limit` for this minute. A refused one is not counted. */
  take(key: string, limit: number): Promise<Allowance>
}

/** One key with its limit. */
export interface Limit {
  key: string
  perMinute: number
}

const MINUTE = 60_000

/** Keys counted at most. A flood of new keys beyond makes the oldest of them count from zero again. */
const KEYS = 100_000

/** Counts in this process's memory. */
export function createMinuteLimits(now: () => number = Date.now): MinuteLimits {
  let minute = 0
  let taken = new Map<string, number>()

  return {
    take(key, limit) {
      const at = now()
      if (Math.floor(at / MINUTE) !== minute) {
        minute = Math.floor(at / MINUTE)
        taken = new Map()
      }
      const before = taken.get(key) ?? 0
      if (before >= limit) {
        return Promise.resolve({ allowed: false, retryAfterMs: (minute + 1) * MINUTE - at })
      }
      if (before === 0 && taken.size >= KEYS) forgetOldest(taken)
      taken.set(key, before + 1)
      return Promise.resolve({ allowed: true, retryAfterMs: 0 })
    },
  }
}

function forgetOldest(taken: Map<string, number>): void {
  for (const key of taken.keys()) {
    taken.delete(key)
    return
  }
}

/** Limits that allow everything: `RATE_LIMITS=off`. */
export const UNLIMITED: MinuteLimits = {
  take: () => Promise.resolve({ allowed: true, retryAfterMs: 0 }),
}

/**
 * Takes one of each, the narrowest first, and stops at the first that is exhausted: a single visitor who is over
 * his own limit uses up nothing of what he shares with others.
 */
export async function takeAll(limits: MinuteLimits, wanted: readonly Limit[]): Promise<Allowance> {
  for (const { key, perMinute } of [...wanted].sort((a, b) => a.perMinute - b.perMinute)) {
    const allowance = await limits.take(key, perMinute)
    if (!allowance.allowed) return allowance
  }
  return { allowed: true, retryAfterMs: 0 }
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
