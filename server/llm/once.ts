import { LRUCache } from 'lru-cache'

/** Things that are remembered. */
const MOST = 500

/** Remembers what was told, so that a log does not say the same with every message. */
export class Once {
  readonly #told = new LRUCache<string, true>({ max: MOST })

  /** Whether this is the first time, as far as is remembered. */
  first(key: string): boolean {
    if (this.#told.get(key)) return false
    this.#told.set(key, true)
    return true
  }
}
