import type { RunWithin } from '../transaction.ts'

/**
 * Adds to `erased_usage` what conversations that are about to be deleted had used on days that are not closed: without a
 * name, so that these days can still be computed. In the transaction that deletes them.
 */
export async function keepUsage(
  run: RunWithin,
  clientId: string,
  conversations: readonly string[],
): Promise<void> {
  await run(KEEP, [clientId, conversations])
}

/** $1 client $2 conversations */
const KEEP = `
  WITH k AS (SELECT coalesce(usage_closed_before, '-infinity') AS closed FROM clients WHERE id = $1::uuid),
  t AS (
    SELECT (t.ended_at AT TIME ZONE 'UTC')::date AS date, count(*) AS message_count, sum(t.tokens_input) AS tokens_input,
      sum(t.tokens_output) AS tokens_output, sum(t.tokens_estimated) AS tokens_estimated,
      sum(t.tool_calls) AS tool_calls_count, sum(t.cost) AS cost_estimate
    FROM turns t JOIN conversations c ON c.id = t.conversation_id
    WHERE t.conversation_id = ANY($2::uuid[]) AND t.ended_at IS NOT NULL AND NOT c.is_test GROUP BY 1
  ), s AS (
    SELECT (t.ended_at AT TIME ZONE 'UTC')::date AS date, jsonb_agg(one) AS spent
    FROM turns t JOIN conversations c ON c.id = t.conversation_id CROSS JOIN LATERAL jsonb_array_elements(t.spent) AS one
    WHERE t.conversation_id = ANY($2::uuid[]) AND t.ended_at IS NOT NULL AND NOT c.is_test GROUP BY 1
  ), v AS (
    SELECT (started_at AT TIME ZONE 'UTC')::date AS date, count(*) AS conversation_count
    FROM conversations WHERE id = ANY($2::uuid[]) AND NOT is_test GROUP BY 1
  ), e AS (
    SELECT date, jsonb_agg(jsonb_build_object('tool_name', tool_name, 'calls', calls, 'succeeded', succeeded,
      'failed', failed, 'time_ms', time_ms, 'longest_ms', longest_ms)) AS tools
    FROM (
      SELECT (x."timestamp" AT TIME ZONE 'UTC')::date AS date, tool_name, count(*) AS calls,
        count(*) FILTER (WHERE success) AS succeeded, count(*) FILTER (WHERE NOT success) AS failed,
        coalesce(sum(execution_time_ms), 0) AS time_ms, coalesce(max(execution_time_ms), 0) AS longest_ms
      FROM tool_executions x JOIN conversations c ON c.id = x.conversation_id
      WHERE x.conversation_id = ANY($2::uuid[]) AND NOT c.is_test GROUP BY 1, 2
    ) AS called GROUP BY 1
  )
  INSERT INTO erased_usage (client_id, date, conversation_count, message_count, tokens_input, tokens_output,
    tokens_estimated, tool_calls_count, cost_estimate, spent, tools)
  SELECT $1::uuid, date, coalesce(conversation_count, 0), coalesce(message_count, 0), coalesce(tokens_input, 0),
    coalesce(tokens_output, 0), coalesce(tokens_estimated, 0), coalesce(tool_calls_count, 0),
    coalesce(cost_estimate, 0), coalesce(spent, '[]'), coalesce(tools, '[]')
  FROM t FULL JOIN s USING (date) FULL JOIN v USING (date) FULL JOIN e USING (date), k
  WHERE date >= k.closed`
