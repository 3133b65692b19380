import { LRUCache } from 'lru-cache'

export interface KeptAnswersParts {
  /** Milliseconds for which an answer holds, from the moment at which it was asked for. */
  ms: number
  /** Answers kept at most; those that were asked for longest ago go first. */
  most: number
  /** Milliseconds, by a clock that never goes back. */
  now?: () => number
}

/** Asks once for all who ask within a while, also while the answer is on its way. A failure is told and not kept. */
export class KeptAnswers<Answer> {
  readonly #kept: LRUCache<string, Promise<Answer>>

  constructor({ ms, most, now = () => performance.now() }: KeptAnswersParts) {
    this.#kept = new LRUCache({ max: most, ttl: ms, ttlResolution: 0, perf: { now } })
  }

  /** What is kept under the key, else what `ask` brings. Rejects as that does. */
  of(key: string, ask: () => Promise<Answer>): Promise<Answer> {
    const found = this.#kept.get(key)
    if (found) return found
    const asked = ask()
    this.#kept.set(key, asked)
    asked.catch(() => {
      if (this.#kept.get(key) === asked) this.#kept.delete(key)
    })
    return asked
  }

  clear(): void {
    this.#kept.clear()
  }
}
