import type { Publisher } from '../conversation/publisher.ts'
import { sleep } from '../infra/abortable.ts'
import { DatabaseUnavailable, type Database, type Statement } from '../infra/database.ts'
import type { Logger } from '../infra/logger.ts'
import type { Archive } from './archive/archive.ts'
import { closeIdle } from './retention/close-idle.ts'
import { retain } from './retention/retention.ts'

export interface HouseParts {
  database: Database
  publisher: Publisher
  log: Logger
  archive: Archive | null
  /** Milliseconds between two looks; a minute, where none are given. */
  every?: number
}

const EVERY_MS = 60_000

/**
 * What a server sees to beside its visitors: idle conversations are closed, and, where no other process can open the
 * database, a pass of retention is made each day.
 */
export function keepHouse({ database, publisher, log, archive, every = EVERY_MS }: HouseParts): {
  stop(): Promise<void>
} {
  const stopping = new AbortController()
  const { signal } = stopping
  const isOver = () => signal.aborted
  const looking = (async () => {
    while (!isOver()) {
      await sleep(every, signal).catch(() => undefined)
      if (isOver()) return
      try {
        await closeIdle(database, publisher)
        if (database.exclusive && (await isDue(database))) await retain({ database, archive, signal })
      } catch (error) {
        if (isOver()) return
        if (error instanceof DatabaseUnavailable)
          log.debug({ reason: error.message }, 'the house was not kept')
        else log.error({ err: error }, 'the house was not kept')
      }
    }
  })()
  return {
    async stop() {
      stopping.abort()
      await looking
    },
  }
}

/** Each day; one that failed or was lost, as when the server ended, is made again after an hour. */
const DUE: Statement = {
  name: 'jobs/retention-due',
  text: `
    SELECT NOT EXISTS (
      SELECT FROM retention_runs WHERE NOT dry_run
        AND started_at > clock_timestamp() - CASE WHEN state IN ('failed', 'lost') THEN interval '1 hour' ELSE interval '1 day' END
    ) AS due`,
}

async function isDue(database: Pick<Database, 'run'>): Promise<boolean> {
  const [row] = await database.run<{ due: boolean }>(DUE, [])
  return row?.due ?? false
}
