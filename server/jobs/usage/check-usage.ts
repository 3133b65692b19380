import type { Database } from '../../infra/database.ts'
import { inTransaction } from '../transaction.ts'
import { DAY_SUMS, MODEL_SUMS, USED_BY_DAY, USED_BY_MODEL } from './sources.ts'

/** A sum that is not what it was counted from. Counts and money are decimal texts: they outgrow JavaScript's numbers. */
export interface UsageDifference {
  client_id: string
  /** `YYYY-MM-DD`, UTC. */
  date: string
  /** Null: of `api_usage`, else of the model's row of `usage_by_model`. */
  model: string | null
  column: string
  kept: string
  computed: string
}

/** Which days are compared: those of one client or of all, before a UTC day or up to this moment. */
export interface CheckedUsage {
  client_id?: string | null
  before?: string | null
}

/**
 * What does not agree on the days that are not closed, today included: a turn and its usage are written in one statement,
 * and both are read in one, so it is exact at any moment.
 */
export async function checkUsage(
  database: Pick<Database, 'sequelize' | 'transaction'>,
  { client_id = null, before = null }: CheckedUsage = {},
  signal: AbortSignal = new AbortController().signal,
): Promise<UsageDifference[]> {
  return inTransaction({ database, signal }, (run) =>
    run<UsageDifference>(COMPARE, [client_id, before ?? 'infinity']),
  )
}

const COMPARE = `
    WITH days AS (${USED_BY_DAY}), models AS (${USED_BY_MODEL})
    SELECT client_id, date::text, NULL AS model, d.* FROM ${kept('api_usage')}
      FULL JOIN days s USING (client_id, date) CROSS JOIN LATERAL (VALUES ${pairs(DAY_SUMS)}) AS d ("column", kept, computed)
      WHERE d.kept::numeric <> d.computed::numeric
    UNION ALL
    SELECT client_id, date::text, provider || ':' || model, d.* FROM ${kept('usage_by_model')}
      FULL JOIN models s USING (client_id, date, provider, model)
      CROSS JOIN LATERAL (VALUES ${pairs(MODEL_SUMS)}) AS d ("column", kept, computed)
      WHERE d.kept::numeric <> d.computed::numeric
    ORDER BY client_id, date, model NULLS FIRST, "column"`

/** The kept rows of the days that can be compared. */
function kept(table: string): string {
  return `(
      SELECT u.* FROM ${table} u LEFT JOIN clients k ON k.id = u.client_id
      WHERE ($1::uuid IS NULL OR u.client_id = $1) AND u.date < $2::date
        AND (k.usage_closed_before IS NULL OR u.date >= k.usage_closed_before)
    ) AS u`
}

function pairs(columns: readonly string[]): string {
  return columns
    .map((name) => `('${name}', coalesce(u.${name}, 0)::text, coalesce(s.${name}, 0)::text)`)
    .join(', ')
}
