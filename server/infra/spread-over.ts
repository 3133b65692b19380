import { setTimeout as delay } from 'node:timers/promises'

/** Milliseconds from one group to the next, and how many are a group at least: few are done at once. */
const STEP_MS = 50
const LEAST_AT_ONCE = 20

/** Does `each` to all of them, group by group, over `ms` milliseconds at most. */
export async function spreadOver<T>(all: readonly T[], ms: number, each: (one: T) => void): Promise<void> {
  const atOnce = Math.max(LEAST_AT_ONCE, Math.ceil((all.length * STEP_MS) / ms))
  for (let done = 0; done < all.length; done += atOnce) {
    if (done > 0) await delay(STEP_MS)
    for (const one of all.slice(done, done + atOnce)) each(one)
  }
}
