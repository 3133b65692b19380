import type { RetentionRun, RetentionRunsPage, RetentionRunsQuery } from '../../../protocol/retention.ts'
import type { Database, Statement } from '../../infra/database.ts'

type RunRow = Omit<RetentionRun, 'started_at' | 'finished_at' | 'counts'> & {
  started_at: Date
  finished_at: Date | null
  counts: Record<string, number>
}

/** $1 the last of the page before $2 how many */
const LIST: Statement = {
  name: 'jobs/list-runs',
  text: `
    SELECT id, state, dry_run, host, started_at, finished_at, fault, counts, partitions FROM retention_runs
    WHERE $1::uuid IS NULL OR (started_at, id) < (SELECT started_at, id FROM retention_runs WHERE id = $1)
    ORDER BY started_at DESC, id DESC LIMIT $2::int`,
}

const PAGE = 50

/** A page of passes, the newest first. */
export async function listRuns(
  database: Pick<Database, 'run'>,
  { after, limit = PAGE }: RetentionRunsQuery,
): Promise<RetentionRunsPage> {
  const rows = await database.run<RunRow>(LIST, [after ?? null, limit + 1])
  return { runs: rows.slice(0, limit).map(present), has_more: rows.length > limit }
}

function present({ started_at, finished_at, counts, ...run }: RunRow): RetentionRun {
  return {
    ...run,
    started_at: started_at.toISOString(),
    finished_at: finished_at?.toISOString() ?? null,
    counts: Object.entries(counts).map(([what, count]) => ({ what, count })),
  }
}
