import type { Json } from '../../models/tool-execution.ts'
import type { ToolExecutionsQuery } from '../../protocol/tool-runs.ts'
import type { Database, Statement } from '../infra/database.ts'

/** A call that a model made, as Postgres has it. */
export interface LoggedExecution {
  id: string
  tool_name: string
  conversation_id: string
  turn: number
  parameters: Record<string, unknown>
  outcome: Json
  success: boolean | null
  execution_time_ms: number | null
  timestamp: Date
  late_response: Json
  late_at: Date | null
}

/** $1 client $2 tool, null: all $3 whether one outcome is asked for $4 that outcome $5 the last of the page before $6 how many */
const LIST: Statement = {
  name: 'tools/list-executions',
  text: `
    SELECT id, tool_name, conversation_id, turn, parameters, n8n_response AS outcome, success, execution_time_ms,
      "timestamp", late_response, late_at
    FROM tool_executions
    WHERE client_id = $1::uuid AND ($2::text IS NULL OR tool_name = $2)
      AND (NOT $3::boolean OR success IS NOT DISTINCT FROM $4::boolean)
      AND ($5::uuid IS NULL OR ("timestamp", id) <
        (SELECT "timestamp", id FROM tool_executions WHERE id = $5 AND client_id = $1::uuid))
    ORDER BY "timestamp" DESC, id DESC LIMIT $6::int`,
}

const PAGE = 50

const SUCCESS = { succeeded: true, failed: false, unknown: null } as const

/** A page of what a client's models have called, the newest first. */
export async function listExecutions(
  database: Pick<Database, 'run'>,
  clientId: string,
  { tool_name, outcome, after, limit = PAGE }: ToolExecutionsQuery,
): Promise<{ executions: LoggedExecution[]; has_more: boolean }> {
  const success = outcome === undefined ? null : SUCCESS[outcome]
  const asked = [clientId, tool_name ?? null, outcome !== undefined, success]
  const rows = await database.run<LoggedExecution>(LIST, [...asked, after ?? null, limit + 1])
  return { executions: rows.slice(0, limit), has_more: rows.length > limit }
}
