import type { ToolCallTold, TurnTold } from '../../protocol/conversations.ts'
import type { Database, Statement } from '../infra/database.ts'

interface TurnRow {
  number: number
  attempt: number
  state: TurnTold['state']
  provider: string | null
  model: string | null
  prompt_version: string | null
  from_cache: boolean
  tokens_input: number
  tokens_output: number
  tokens_cached: number
  tokens_estimated: number
  cost: string
  spent: TurnTold['spent']
  first_token_ms: number | null
  total_ms: number | null
  error: string | null
  opened_at: Date
  ended_at: Date | null
}

interface CallRow {
  turn: number
  step: number
  call_id: string
  tool_name: string
  parameters: unknown
  n8n_response: unknown
  success: boolean | null
  execution_time_ms: number | null
  timestamp: Date
  late_response: unknown
  late_at: Date | null
}

/** $1 conversation $2 numbers $3 also the one that is not ended */
const TURNS: Statement = {
  name: 'desk/read-turns',
  text: `
    SELECT number, attempt, state, provider, model, prompt_version, from_cache, tokens_input, tokens_output,
      tokens_cached, tokens_estimated, cost, spent, first_token_ms, total_ms, error, opened_at, ended_at
    FROM turns
    WHERE conversation_id = $1::uuid
      AND (number = ANY($2::int[]) OR $3::boolean AND state IN ('queued', 'running'))
    ORDER BY number`,
}

/** $1 conversation $2 numbers of turns */
const CALLS: Statement = {
  name: 'desk/read-calls',
  text: `
    SELECT turn, step, call_id, tool_name, parameters, n8n_response, success, execution_time_ms, "timestamp",
      late_response, late_at
    FROM tool_executions WHERE conversation_id = $1::uuid AND turn = ANY($2::int[])
    ORDER BY turn, step, "timestamp", call_id`,
}

/** These turns of a conversation, and where `open` also the one that has not ended, each with its calls. */
export async function readTurns(
  database: Pick<Database, 'run'>,
  { conversation_id, numbers, open }: { conversation_id: string; numbers: readonly number[]; open: boolean },
): Promise<TurnTold[]> {
  const rows = await database.run<TurnRow>(TURNS, [conversation_id, numbers, open])
  const calls = new Map(rows.map(({ number }) => [number, [] as CallRow[]]))
  for (const call of await database.run<CallRow>(CALLS, [conversation_id, [...calls.keys()]]))
    calls.get(call.turn)?.push(call)
  return rows.map((row) => presentTurn(row, calls.get(row.number) ?? []))
}

function presentTurn(row: TurnRow, calls: readonly CallRow[]): TurnTold {
  const { attempt, cost, provider, model, prompt_version, error, opened_at, ended_at, ...turn } = row
  return {
    ...{ ...turn, attempts: attempt, cost: Number(cost) },
    ...(provider !== null && { provider }),
    ...(model !== null && { model }),
    ...(prompt_version !== null && { prompt_version }),
    ...(error !== null && { error }),
    opened_at: opened_at.toISOString(),
    ...(ended_at !== null && { ended_at: ended_at.toISOString() }),
    calls: calls.map(presentCall),
  }
}

function presentCall(row: CallRow): ToolCallTold {
  const { step, call_id, late_at } = row
  return {
    ...{ step, call_id, name: row.tool_name, arguments: row.parameters },
    ...{ result: row.n8n_response, ok: row.success, duration_ms: row.execution_time_ms },
    at: row.timestamp.toISOString(),
    ...(late_at !== null && { late: { result: row.late_response, at: late_at.toISOString() } }),
  }
}
