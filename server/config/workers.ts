import { availableParallelism } from 'node:os'
import type { Variables } from './variables.ts'

/** More processes than any machine has cores to spare. */
const MOST = 128

/**
 * How many processes serve on one port. `auto` is one for each core where both a Postgres and a Redis are shared,
 * without which there can be only one.
 */
export function readWorkers(
  variables: Variables,
  shared: { database: string | null; redis: string | null },
): number {
  const asked = variables.take('WORKERS', 1, `auto, or a whole number from 1 to ${MOST}`, (value) => {
    if (value === 'auto') return value
    const number = /^\d{1,3}$/.test(value) ? Number(value) : 0
    return number >= 1 && number <= MOST ? number : null
  })
  if (asked === 'auto') return shared.database !== null && shared.redis !== null ? availableParallelism() : 1
  if (asked > 1) {
    variables.needed('DATABASE_URL', `a Postgres that all workers share, since WORKERS is ${asked}`)
    variables.needed('REDIS_URL', `a Redis that all workers share, since WORKERS is ${asked}`)
  }
  return asked
}

/**
 * The engine that so many processes may have: only Linux spreads the connections of one port over processes that
 * listen each for itself, as those of uWebSockets.js do.
 */
export function engineFor<K extends string>(
  variables: Variables,
  { engine, workers }: { engine: K; workers: number },
  platform: NodeJS.Platform = process.platform,
): K | 'node' {
  if (workers === 1 || platform === 'linux' || engine === 'node') return engine
  if (engine === 'uws') {
    const expected = `auto or node, since WORKERS is ${workers} and this system is not Linux`
    variables.faults.push({ variable: 'SOCKET_ENGINE', problem: 'is "uws"', expected })
  }
  return 'node'
}
