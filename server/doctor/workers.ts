import { availableParallelism } from 'node:os'
import type { Config } from '../config/config.ts'
import { findingsOf, type Finding } from './finding.ts'

/** How many processes would serve, and whether there are cores for them. */
export function examineWorkers(
  { workers, database, redis }: Pick<Config, 'workers' | 'database' | 'redis'>,
  cores = availableParallelism(),
): Finding {
  const { ok, warning } = findingsOf('Workers')
  if (workers > cores)
    return warning(
      `WORKERS is ${workers}, and this machine has ${cores} cores: more than one each costs memory only.`,
    )
  if (workers > 1) return ok(`${workers} processes on one port, for ${cores} cores`)
  const more = cores > 1 && database.url !== null && redis.url !== null
  return ok(more ? `one process; WORKERS=auto makes it ${cores}, one for each core` : 'one process')
}
