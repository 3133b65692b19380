import { DatabaseUnavailable, type Database } from './database.ts'
import type { Logger } from './logger.ts'

/** An outage counts as over when something succeeds that began this long after the last failure, in milliseconds. */
const SETTLED_MS = 1_000

/**
 * The same database, which tells the log when it fails to answer, and when it answers again: one line each, however
 * many are refused meanwhile.
 */
export function tellOutages(
  database: Database,
  log: Logger,
  now: () => number = () => performance.now(),
): Database {
  let outage: { since: number; last: number; refused: number } | null = null

  const fail = (error: unknown) => {
    if (!(error instanceof DatabaseUnavailable)) return
    const at = now()
    if (outage === null) log.warn({ reason: error.message }, 'The database does not answer')
    outage = { since: outage?.since ?? at, last: at, refused: (outage?.refused ?? 0) + 1 }
  }
  const succeed = (began: number) => {
    if (outage === null || began < outage.last + SETTLED_MS) return
    const { since, last, refused } = outage
    outage = null
    log.info({ away_ms: Math.round(last - since), refused }, 'The database answers again')
  }
  async function told<T>(work: () => Promise<T>): Promise<T> {
    const began = now()
    try {
      const result = await work()
      succeed(began)
      return result
    } catch (error) {
      fail(error)
      throw error
    }
  }

  return {
    ...database,
    run: (statement, values) => told(() => database.run(statement, values)),
    transaction: (work, limits) => told(() => database.transaction(work, limits)),
    ping: () => told(() => database.ping()),
  }
}
