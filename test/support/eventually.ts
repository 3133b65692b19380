import { setTimeout as pause } from 'node:timers/promises'

/** Milliseconds that a condition is waited for, and between two looks at it. */
const PATIENCE = 30_000
const EVERY = 20

/**
 * Looks at something that changes on its own, a page or a database, until `holds` stops throwing or rejecting.
 * Rejects with the last failure when that takes too long.
 */
export async function eventually(holds: () => void | Promise<void>, patience = PATIENCE): Promise<void> {
  const deadline = performance.now() + patience
  for (;;) {
    try {
      await holds()
      return
    } catch (error) {
      if (performance.now() > deadline) throw error
    }
    await pause(EVERY)
  }
}
