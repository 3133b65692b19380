/**
 * Marks that say who is at work on what. Advisory: they lapse, and may be lost at any moment, so nothing may be decided
 * by them. No method rejects; where locks cannot be reached, nothing is taken and nothing held.
 */
export interface Locks {
  /** Takes a free key for `ttlMs` milliseconds. False: somebody has it, `owner` included. */
  take(key: string, owner: string, ttlMs: number): Promise<boolean>
  /** Has it for `ttlMs` from now on. False: `owner` does not have it. */
  renew(key: string, owner: string, ttlMs: number): Promise<boolean>
  /** Lets go what `owner` has; what others have stays. */
  release(key: string, owner: string): Promise<void>
}

/** Held keys beyond which those that have lapsed are swept away. */
const SWEPT_ABOVE = 10_000

/** Locks of one process. */
export function createMemoryLocks(now: () => number = Date.now): Locks {
  const held = new Map<string, { owner: string; until: number }>()

  function holder(key: string): string | null {
    const lock = held.get(key)
    return lock !== undefined && lock.until > now() ? lock.owner : null
  }

  function hold(key: string, owner: string, ttlMs: number): true {
    held.set(key, { owner, until: now() + ttlMs })
    return true
  }

  function sweep(): void {
    for (const [key, { until }] of held) if (until <= now()) held.delete(key)
  }

  return {
    take(key, owner, ttlMs) {
      if (held.size > SWEPT_ABOVE) sweep()
      return Promise.resolve(holder(key) === null && hold(key, owner, ttlMs))
    },
    renew: (key, owner, ttlMs) => Promise.resolve(holder(key) === owner && hold(key, owner, ttlMs)),
    release(key, owner) {
      if (holder(key) === owner) held.delete(key)
      return Promise.resolve()
    },
  }
}
