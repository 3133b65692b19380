import { LRUCache } from 'lru-cache'

/**
 * Texts kept for a while, to be had again without asking who made them. Never the truth: anything may be gone at any
 * moment. No method rejects; a cache that cannot be reached answers like an empty one.
 */
export interface Cache {
  get(key: string): Promise<string | null>
  /** Keeps `value` for `ttlMs` milliseconds, at least 1, in the place of what the key had. */
  set(key: string, value: string, ttlMs: number): Promise<void>
  /** False: it could not be reached, and may still have the key. */
  delete(key: string): Promise<boolean>
}

/** Bytes that one process keeps. */
const BYTES = 64 * 1024 * 1024

/** What an entry costs beside its text. */
const ENTRY_BYTES = 250

/** Keeps in this process's memory, at most about `bytes`: what was not used for longest goes first. */
export function createMemoryCache(bytes: number = BYTES, now: () => number = Date.now): Cache {
  const kept = new LRUCache<string, string>({
    maxSize: bytes,
    sizeCalculation: (value, key) => 2 * (key.length + value.length) + ENTRY_BYTES,
    ttlResolution: 0,
    perf: { now },
  })
  return {
    get: (key) => Promise.resolve(kept.get(key) ?? null),
    set(key, value, ttlMs) {
      kept.set(key, value, { ttl: ttlMs })
      return Promise.resolve()
    },
    delete(key) {
      kept.delete(key)
      return Promise.resolve(true)
    },
  }
}
