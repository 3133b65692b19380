import type { Statement } from '../infra/database.ts'

/** All of them: $1 client, or null for all $2 the first day $3 the last day; days are of UTC. */

const OF_CLIENT = '($1::uuid IS NULL OR client_id = $1::uuid)'
const DAYS = 'BETWEEN $2::date AND $3::date'

/** Moments of those days. */
const within = (column: string) =>
  `${column} >= $2::date::timestamp AT TIME ZONE 'UTC' AND ${column} < ($3::date + 1)::timestamp AT TIME ZONE 'UTC'`

/** What was used: a row in all, one for each day, and one for each client. */
export const USAGE: Statement = {
  name: 'desk/overview-usage',
  text: `
    SELECT to_char(date, 'YYYY-MM-DD') AS date, client_id, coalesce(sum(conversation_count), 0)::float8 AS conversations,
      coalesce(sum(message_count), 0)::float8 AS messages, coalesce(sum(tokens_input), 0)::float8 AS tokens_input,
      coalesce(sum(tokens_output), 0)::float8 AS tokens_output, coalesce(sum(tool_calls_count), 0)::float8 AS tool_calls,
      coalesce(sum(cost_estimate), 0)::float8 AS cost
    FROM api_usage WHERE ${OF_CLIENT} AND date ${DAYS}
    GROUP BY GROUPING SETS ((), (date), (client_id))`,
}

/** What each model was used for, the dearest first. */
export const MODELS: Statement = {
  name: 'desk/overview-models',
  text: `
    SELECT provider, model, sum(turns)::float8 AS turns, sum(tokens_input)::float8 AS tokens_input,
      sum(tokens_output)::float8 AS tokens_output, sum(tokens_cached)::float8 AS tokens_cached,
      sum(tokens_estimated)::float8 AS tokens_estimated, sum(cost_estimate)::float8 AS cost
    FROM usage_by_model WHERE ${OF_CLIENT} AND date ${DAYS}
    GROUP BY provider, model ORDER BY sum(cost_estimate) DESC, provider, model`,
}

/**
 * How answers went: a row in all, and one for each day, client and model. An answer that was broken off before its first
 * word has no time to it, and one that came from the cache none of a model.
 */
export const ANSWERS: Statement = {
  name: 'desk/overview-answers',
  text: `
    WITH ended AS (
      SELECT to_char(t.opened_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS date, client_id, t.provider, t.model, t.state,
        t.from_cache, t.first_token_ms, t.total_ms
      FROM turns t JOIN conversations ON conversations.id = t.conversation_id
      WHERE ${within('t.opened_at')} AND ${OF_CLIENT} AND NOT is_test AND t.state NOT IN ('queued', 'running')
    )
    SELECT grouping(date, client_id, provider, model) AS grouped, date, client_id, provider, model,
      count(*)::int AS answers, (count(*) FILTER (WHERE state = 'failed'))::int AS failed,
      (count(*) FILTER (WHERE state = 'stopped'))::int AS stopped, (count(*) FILTER (WHERE from_cache))::int AS from_cache,
      percentile_disc(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY first_token_ms) AS first_token_ms,
      percentile_disc(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY total_ms) FILTER (WHERE state = 'complete') AS total_ms
    FROM ended GROUP BY GROUPING SETS ((), (date), (client_id), (provider, model))`,
}

/** How calls of tools went, the most called first. */
export const TOOLS: Statement = {
  name: 'desk/overview-tools',
  text: `
    SELECT e.tool_name AS name, count(*)::int AS calls, (count(*) FILTER (WHERE NOT e.success))::int AS failed,
      (count(*) FILTER (WHERE e.success IS NULL))::int AS unknown,
      percentile_disc(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY e.execution_time_ms) AS duration_ms
    FROM tool_executions e JOIN conversations c ON c.id = e.conversation_id
    WHERE ($1::uuid IS NULL OR e.client_id = $1::uuid) AND ${within('e."timestamp"')} AND NOT c.is_test
    GROUP BY e.tool_name ORDER BY count(*) DESC, e.tool_name LIMIT 100`,
}

/** How content visitors were, with the AI and with people. */
export const RATINGS: Statement = {
  name: 'desk/overview-ratings',
  text: `
    SELECT subject, score::int AS score, count(*)::int AS count FROM ratings r
    WHERE ${OF_CLIENT} AND ${within('created_at')}
      AND NOT EXISTS (SELECT FROM conversations c WHERE c.id = r.conversation_id AND c.is_test)
    GROUP BY subject, score`,
}

/** How many conversations a person was wanted in, and how many somebody took over. */
export const HANDOFFS: Statement = {
  name: 'desk/overview-handoffs',
  text: `
    SELECT (count(DISTINCT conversation_id) FILTER (WHERE action = 'handoff.requested'))::int AS requested,
      (count(DISTINCT conversation_id) FILTER (WHERE action = 'conversation.taken_over'))::int AS taken_over
    FROM audit_log WHERE ${OF_CLIENT} AND ${within('at')}
      AND action IN ('handoff.requested', 'conversation.taken_over')`,
}

/** $1 clients */
export const NAMES: Statement = {
  name: 'desk/overview-names',
  text: 'SELECT id, name FROM clients WHERE id = ANY($1::uuid[])',
}
