import type { Database, Statement } from '../infra/database.ts'
import type { Logger } from '../infra/logger.ts'
import { DatabaseUnavailable } from '../infra/database.ts'
import { INTEGRATION_LIMITS } from '../../protocol/integrations.ts'

/** One call of a function, as its keepers see it: never what was asked or answered. */
export interface RecentCall {
  function_name: string
  /** Null: it went well. */
  problem: string | null
  /** Masked. */
  message: string | null
  cached: boolean
  /** Milliseconds. */
  ms: number
}

/** Writes down a call. A database that is away loses it: a call is not held up for its record. Never rejects. */
export type RecordCall = (integrationId: string, call: RecentCall) => Promise<void>

/** Keeps the newest calls of each integration, and beside them the newest failures. */
export function createRecordCall({
  database,
  log,
}: {
  database: Pick<Database, 'run'>
  log: Logger
}): RecordCall {
  return async (integration_id, { function_name, problem, message, cached, ms }) => {
    const values = [integration_id, function_name, problem, message, cached, Math.round(ms)]
    try {
      await database.run(RECORD, [...values, INTEGRATION_LIMITS.calls])
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable)) throw error
      log.warn({ code: 'integration_call_unrecorded', integration_id, problem }, 'a call is not recorded')
    }
  }
}

/**
 * $1 integration $2 function $3 problem $4 message $5 cached $6 milliseconds $7 how many are kept of its sort
 * Nothing where the integration was removed meanwhile.
 */
const RECORD: Statement = {
  name: 'integrations/record-call',
  text: `
    WITH old AS (
      DELETE FROM integration_calls WHERE integration_id = $1::uuid AND (problem IS NULL) = ($3::text IS NULL)
        AND id <= (
          SELECT id FROM integration_calls
          WHERE integration_id = $1::uuid AND (problem IS NULL) = ($3::text IS NULL)
          ORDER BY id DESC OFFSET $7::int - 1 LIMIT 1)
    )
    INSERT INTO integration_calls (integration_id, function_name, problem, message, cached, execution_time_ms)
    SELECT id, $2, $3, $4, $5::boolean, $6::int FROM client_integrations WHERE id = $1::uuid`,
}
