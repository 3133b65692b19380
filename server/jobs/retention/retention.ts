import { hostname } from 'node:os'
import { randomUUID } from 'node:crypto'
import type { Database, Statement } from '../../infra/database.ts'
import type { Archive } from '../archive/archive.ts'
import { createTally, type Counted, type Counts } from './counts.ts'
import { runPass } from './pass.ts'

export interface RetentionSettings {
  database: Database
  /** What is kept before its messages are dropped; null: nothing. */
  archive?: Archive | null
  dryRun?: boolean
  signal?: AbortSignal
  /** The UTC day to count from, `YYYY-MM-DD`; the database's, where none is given. */
  today?: string
  /** Milliseconds without a sign of life after which another pass counts as lost; a minute, where none are given. */
  lostAfter?: number
  /** Told after each step that was committed. */
  onProgress?: (what: Counted, count: number) => void | Promise<void>
}

/** `busy`: another pass runs, here or elsewhere; nothing was done. */
export type RetentionOutcome =
  { state: 'busy' } | { state: 'done'; id: string; counts: Counts; partitions: string[]; ms: number }

const SIGN_OF_LIFE_MS = 2_000
const LOST_AFTER_MS = 60_000

/**
 * Removes what is due, and keeps a report of it. One pass runs at a time, dry ones aside; one that was killed counts as lost
 * after a minute, and the next goes on where it stopped. Rejects with what made it fail, which its report tells too.
 */
export async function retain(settings: RetentionSettings): Promise<RetentionOutcome> {
  const { database, dryRun = false, archive = null, onProgress = () => undefined } = settings
  const { signal = new AbortController().signal, lostAfter = LOST_AFTER_MS } = settings
  const id = randomUUID()
  const [begun] = await database.run<{ today: string }>(BEGIN, [id, dryRun, hostname(), lostAfter])
  if (!begun) return { state: 'busy' }
  const partitions: string[] = []
  const from = performance.now()
  let seen = from
  const tally = createTally(async (what, count) => {
    if (performance.now() - seen > SIGN_OF_LIFE_MS) {
      seen = performance.now()
      await note('running')
    }
    await onProgress(what, count)
  })
  const note = (state: 'running' | 'done' | 'failed', fault: string | null = null) =>
    database.run(NOTE, [id, state, JSON.stringify(tally.counts), partitions, fault])
  try {
    await runPass({
      ...{ database, archive, dryRun, signal, add: tally.add },
      today: settings.today ?? begun.today,
      dropped: (day) => partitions.push(day),
    })
    await note('done')
    return { state: 'done', id, counts: tally.counts, partitions, ms: performance.now() - from }
  } catch (error) {
    await note('failed', error instanceof Error ? error.message : 'unknown').catch(() => undefined)
    throw error
  }
}

/** No row: another one runs, and gave a sign of life a moment ago. $1 id $2 dry $3 host $4 milliseconds */
const BEGIN: Statement = {
  name: 'jobs/begin-retention',
  text: `
    WITH lost AS (
      UPDATE retention_runs SET state = 'lost', finished_at = seen_at
      WHERE state = 'running' AND seen_at < clock_timestamp() - $4::int * interval '1 ms' RETURNING id
    )
    INSERT INTO retention_runs (id, dry_run, host)
    SELECT $1::uuid, $2::boolean, $3 FROM (SELECT count(*) FROM lost) AS after_lost
    ON CONFLICT (state) WHERE state = 'running' AND NOT dry_run DO NOTHING
    RETURNING (started_at AT TIME ZONE 'UTC')::date::text AS today`,
}

/** $1 id $2 state $3 counts $4 partitions $5 fault */
const NOTE: Statement = {
  name: 'jobs/note-retention',
  text: `
    UPDATE retention_runs SET state = $2::text, counts = $3::jsonb, partitions = $4::text[], fault = $5::text,
      seen_at = clock_timestamp(), finished_at = CASE WHEN $2::text <> 'running' THEN clock_timestamp() END
    WHERE id = $1::uuid`,
}
