import { setTimeout as delay } from 'node:timers/promises'
import type { TurnLimits } from './limits.ts'
import { TypingSigns } from './typing-signs.ts'

/** Who is typing, by session. Held in memory only: it decides nothing but how long a turn waits for the next fragment. */
export class Typing {
  /** What others are shown of it. */
  readonly signs: TypingSigns
  readonly #until = new Map<string, number>()
  readonly #limits: TurnLimits
  readonly #waiting = new Map<string, Set<() => void>>()

  constructor(limits: TurnLimits) {
    this.#limits = limits
    this.signs = new TypingSigns(limits.typingHolds)
  }

  set(sessionId: string, typing: boolean): void {
    if (typing) {
      this.#until.set(sessionId, performance.now() + this.#limits.typingHolds)
      return
    }
    if (!this.#until.delete(sessionId)) return
    for (const wake of this.#waiting.get(sessionId) ?? []) wake()
  }

  /** Resolves when the visitor is not typing, after `typingPause` at the latest; rejects when `signal` aborts. */
  async settled(sessionId: string, signal: AbortSignal): Promise<void> {
    const until = this.#until.get(sessionId)
    if (until === undefined) return
    const left = Math.min(this.#limits.typingPause, until - performance.now())
    if (left <= 0) {
      this.#until.delete(sessionId)
      return
    }
    await this.#wait(sessionId, left, signal)
  }

  async #wait(sessionId: string, ms: number, signal: AbortSignal): Promise<void> {
    const woken = new AbortController()
    const wake = () => woken.abort()
    const waiting = this.#waiting.get(sessionId) ?? new Set()
    this.#waiting.set(sessionId, waiting.add(wake))
    try {
      await delay(ms, undefined, { signal: AbortSignal.any([signal, woken.signal]) })
    } catch (error) {
      if (signal.aborted) throw error
    } finally {
      waiting.delete(wake)
      if (waiting.size === 0) this.#waiting.delete(sessionId)
    }
  }
}
