/**
 * SQL of what usage is, computed from what it was counted from: ended turns, conversations, calls of tools, and what
 * erased conversations have left. Trial conversations count nowhere. Only days that are not closed.
 *
 * $1 client, or null for all $2 only days before this UTC day
 */

/** The sums of `api_usage`, by client and day. */
export const USED_BY_DAY = `
  SELECT client_id, date, sum(conversation_count)::bigint AS conversation_count,
    sum(message_count)::bigint AS message_count, sum(tokens_input)::bigint AS tokens_input,
    sum(tokens_output)::bigint AS tokens_output, sum(tokens_estimated)::bigint AS tokens_estimated,
    sum(tool_calls_count)::bigint AS tool_calls_count, sum(cost_estimate)::numeric(18, 6) AS cost_estimate
  FROM (
    SELECT c.client_id, (t.ended_at AT TIME ZONE 'UTC')::date AS date, 0 AS conversation_count, 1 AS message_count,
      t.tokens_input, t.tokens_output, t.tokens_estimated, t.tool_calls AS tool_calls_count, t.cost AS cost_estimate
    FROM turns t JOIN conversations c ON c.id = t.conversation_id JOIN clients k ON k.id = c.client_id
    WHERE NOT c.is_test AND ${isOpen('t.ended_at', 'c.client_id')}
    UNION ALL
    SELECT c.client_id, (c.started_at AT TIME ZONE 'UTC')::date, 1, 0, 0, 0, 0, 0, 0
    FROM conversations c JOIN clients k ON k.id = c.client_id
    WHERE NOT c.is_test AND ${isOpen('c.started_at', 'c.client_id')}
    UNION ALL
    SELECT client_id, date, conversation_count, message_count, tokens_input, tokens_output, tokens_estimated,
      tool_calls_count, cost_estimate
    FROM erased_usage WHERE ($1::uuid IS NULL OR client_id = $1) AND date < $2::date
  ) AS used GROUP BY 1, 2`

/** The sums of `usage_by_model`. What a summary spent is charged to a turn that was counted already. */
export const USED_BY_MODEL = `
  SELECT client_id, date, provider, model, count(*) FILTER (WHERE summary IS NULL) AS turns,
    sum(tokens_input)::bigint AS tokens_input, sum(tokens_output)::bigint AS tokens_output,
    sum(tokens_cached)::bigint AS tokens_cached, sum(tokens_estimated)::bigint AS tokens_estimated,
    sum(round(cost, 6))::numeric(18, 6) AS cost_estimate
  FROM (
    SELECT c.client_id, (t.ended_at AT TIME ZONE 'UTC')::date AS date, t.spent
    FROM turns t JOIN conversations c ON c.id = t.conversation_id JOIN clients k ON k.id = c.client_id
    WHERE NOT c.is_test AND t.spent <> '[]' AND ${isOpen('t.ended_at', 'c.client_id')}
    UNION ALL
    SELECT client_id, date, spent FROM erased_usage
    WHERE ($1::uuid IS NULL OR client_id = $1) AND date < $2::date
  ) AS used CROSS JOIN LATERAL jsonb_to_recordset(spent) AS s(provider text, model text, tokens_input int,
    tokens_output int, tokens_cached int, tokens_estimated int, cost numeric, summary text)
  GROUP BY 1, 2, 3, 4`

/** The sums of `usage_by_tool`. */
export const USED_BY_TOOL = `
  SELECT client_id, date, tool_name, sum(calls)::bigint AS calls, sum(succeeded)::bigint AS succeeded,
    sum(failed)::bigint AS failed, sum(time_ms)::bigint AS time_ms, max(longest_ms) AS longest_ms
  FROM (
    SELECT e.client_id, (e."timestamp" AT TIME ZONE 'UTC')::date AS date, tool_name, 1 AS calls,
      (success IS TRUE)::int AS succeeded, (success IS FALSE)::int AS failed,
      coalesce(execution_time_ms, 0) AS time_ms, coalesce(execution_time_ms, 0) AS longest_ms
    FROM tool_executions e JOIN clients k ON k.id = e.client_id
      LEFT JOIN conversations c ON c.id = e.conversation_id
    WHERE c.is_test IS NOT TRUE AND ${isOpen('e."timestamp"', 'e.client_id')}
    UNION ALL
    SELECT client_id, date, s.* FROM erased_usage CROSS JOIN LATERAL jsonb_to_recordset(tools)
      AS s(tool_name text, calls int, succeeded int, failed int, time_ms bigint, longest_ms int)
    WHERE ($1::uuid IS NULL OR client_id = $1) AND date < $2::date
  ) AS used GROUP BY 1, 2, 3`

function isOpen(at: string, client: string): string {
  return `($1::uuid IS NULL OR ${client} = $1) AND ${at} < $2::date::timestamp AT TIME ZONE 'UTC'
      AND (k.usage_closed_before IS NULL OR ${at} >= k.usage_closed_before::timestamp AT TIME ZONE 'UTC')`
}

/** Columns that are compared and set, of `api_usage` and `usage_by_model`. */
export const DAY_SUMS = [
  'conversation_count',
  'message_count',
  'tokens_input',
  'tokens_output',
  'tokens_estimated',
  'tool_calls_count',
  'cost_estimate',
] as const
export const MODEL_SUMS = [
  'turns',
  'tokens_input',
  'tokens_output',
  'tokens_cached',
  'tokens_estimated',
  'cost_estimate',
] as const
export const TOOL_SUMS = ['calls', 'succeeded', 'failed', 'time_ms', 'longest_ms'] as const
