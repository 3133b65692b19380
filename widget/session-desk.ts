import type { Session } from './bridge.ts'
import type { Keep } from './keep.ts'

/** Milliseconds that one tab may keep the others waiting while it makes the first session. */
const FIRST_SESSION_WAIT = 10_000
/**
 * Milliseconds from writing a session until another tab's process surely reads it. localStorage reaches other processes
 * later than a lock does: without this, one in five waiting tabs read nothing; the slowest came 6 ms late.
 */
const SETTLED = 250

/**
 * Hands out the visitor's session. Of several tabs without one, only the first is told "none": it holds a lock until
 * it has saved the session it made, or gives up, or 10 s have passed. Where locks are missing nobody waits.
 */
export class SessionDesk {
  readonly #keep: Keep
  readonly #locks: LockManager | undefined
  readonly #name: string
  #release: () => void = () => undefined

  /** `locks` is absent outside secure contexts. */
  constructor(keep: Keep, locks: LockManager | undefined, clientKey: string) {
    this.#keep = keep
    this.#locks = locks
    this.#name = `parlor:${clientKey}:session`
  }

  /** The session, or null when this caller is to make it. One known to be `stale` counts as none. */
  async claim(stale?: string): Promise<Session | null> {
    if (stale !== undefined) this.#keep.forgetSession(stale)
    const kept = this.#keep.session()
    if (kept || !this.#locks) return kept
    this.#release()
    return this.#claimUnderLock(this.#locks)
  }

  save(session: Session): void {
    this.#keep.saveSession(session)
    setTimeout(this.#release, SETTLED)
  }

  /** Lets the next tab try. */
  release(): void {
    this.#release()
  }

  #claimUnderLock(locks: LockManager): Promise<Session | null> {
    return new Promise((resolve) => {
      const holding = locks.request(this.#name, { signal: AbortSignal.timeout(FIRST_SESSION_WAIT) }, () => {
        const made = this.#keep.session()
        resolve(made)
        return made ? undefined : this.#untilReleased()
      })
      // Denied in this context, or waited too long: one session too many is better than no chat.
      holding.catch(() => resolve(this.#keep.session()))
    })
  }

  #untilReleased(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, FIRST_SESSION_WAIT)
      this.#release = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}
