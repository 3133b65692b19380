import { KEYS } from '../infra/keys.ts'
import type { Locks } from '../infra/locks.ts'

/** Milliseconds after which the mark of a dead process is gone, and between two renewals. */
const HELD_FOR = 30_000
const RENEW_EVERY = 10_000

/**
 * Marks a session's conversation as worked on by `owner` until the function that is returned is called. For whoever
 * looks from outside: it decides nothing, the lease in Postgres does, and where it cannot be had the work goes on.
 */
export function markAsWorkedOn(locks: Locks, sessionId: string, owner: string): () => void {
  const key = KEYS.conversationLock(sessionId)
  let over = false
  const keep = async () => {
    // What a dead process had left may have lapsed meanwhile.
    if (!(await locks.renew(key, owner, HELD_FOR)) && !over) await locks.take(key, owner, HELD_FOR)
  }
  void locks.take(key, owner, HELD_FOR)
  // A mark is no reason for a process to stay.
  const timer = setInterval(() => void keep(), RENEW_EVERY).unref()
  return () => {
    over = true
    clearInterval(timer)
    void locks.release(key, owner)
  }
}
