import type { Database } from '../../server/infra/database.ts'
import { QueryTypes } from 'sequelize'

/** How much there is to remove. */
export interface LongHistory {
  /** About so many. */
  messages: number
  /** Over so many days before today. */
  days: number
}

/** The clients that have it, by their names; the last keeps its messages for a week. */
export interface HistoryClients {
  ids: string[]
  week: string
  today: string
}

const EXCHANGES = 8
/** In each: a visitor's message, its answer, and what a person adds. */
const MESSAGES = 4

/**
 * Conversations of three clients, as the heart would have kept them over the days before today, with the partitions that
 * they lie in and the usage that they were counted as. Every fiftieth goes on for days.
 */
export async function seedHistory(
  { sequelize, transaction: inTransaction }: Pick<Database, 'sequelize' | 'transaction'>,
  { messages, days }: LongHistory,
): Promise<HistoryClients> {
  const run = (sql: string) => sequelize.query(sql, { raw: true })
  const conversations = Math.ceil(messages / (MESSAGES * EXCHANGES))
  await run(`SET client_min_messages = warning; ${partitions(days)}`)
  await inTransaction(
    async (transaction) => {
      const within = (sql: string) => sequelize.query(sql, { raw: true, transaction })
      await within('SET LOCAL session_replication_role = replica')
      for (const sql of rows(conversations, days)) await within(sql)
      await within('ANALYZE')
    },
    { patient: true },
  )
  const [row] = await sequelize.query<{ ids: string[]; today: string }>(
    `SELECT array_agg(id ORDER BY name) AS ids, (clock_timestamp() AT TIME ZONE 'UTC')::date::text AS today
     FROM clients WHERE name LIKE 'Client _'`,
    { type: QueryTypes.SELECT },
  )
  const { ids, today } = row!
  return { ids, week: ids[2]!, today }
}

function partitions(days: number): string {
  return `DO $$ DECLARE day date; BEGIN
    FOR day IN SELECT (now() AT TIME ZONE 'UTC')::date - n FROM generate_series(2, ${days + 1}) n LOOP
      EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF messages FOR VALUES FROM (%L) TO (%L)',
        'messages_' || to_char(day, 'YYYYMMDD'), day || 'T00:00:00Z', (day + 1) || 'T00:00:00Z');
    END LOOP; END $$`
}

/** The begun conversation i, and its exchange j. */
const BEGUN = (conversations: number, days: number) =>
  `(date_trunc('day', now() AT TIME ZONE 'UTC') - interval '${days} days') AT TIME ZONE 'UTC'
     + i * interval '${days} days' / ${conversations + Math.ceil(conversations / days)}`
const id = (kind: string) => `md5('${kind}' || i)::uuid`
const EXCHANGE = `begun + j * CASE WHEN i % 50 = 0 THEN interval '7 hours' ELSE interval '40 seconds' END`
const INPUT = '(40 + (i * 7 + j * 13) % 90)'
const OUTPUT = '(5 + (i * 3 + j * 5) % 60)'

function rows(conversations: number, days: number): string[] {
  const begun = `(SELECT i, ${BEGUN(conversations, days)} AS begun FROM generate_series(1, ${conversations}) i) AS b`
  const said = `(SELECT i, j, ${EXCHANGE} AS at FROM ${begun}, generate_series(1, ${EXCHANGES}) j) AS s`
  const past = `s.at < now() - interval '1 minute'`
  const spent = `jsonb_build_array(jsonb_build_object('provider', 'claude', 'model', CASE WHEN i % 2 = 0 THEN 'large' ELSE 'small' END,
    'tokens_input', ${INPUT}, 'tokens_output', ${OUTPUT}, 'tokens_cached', 0, 'tokens_estimated', 0,
    'cost', (${INPUT} + 5 * ${OUTPUT}) * 0.000003))`
  return [
    `INSERT INTO clients (name, api_key, settings) VALUES ('Client 1', 'pk_1', '{}'), ('Client 2', 'pk_2', '{}'),
       ('Client 3', 'pk_3', '{"retention": {"messages_days": 7}}')`,
    `CREATE TEMP TABLE owners ON COMMIT DROP AS SELECT row_number() OVER (ORDER BY name) - 1 AS rest, id FROM clients WHERE name LIKE 'Client _'`,
    `INSERT INTO visitors (id, client_id, created_at, last_seen_at)
       SELECT ${id('v')}, o.id, begun, begun FROM ${begun} JOIN owners o ON o.rest = i % 3`,
    `INSERT INTO sessions (id, client_id, visitor_id, token_hash, created_at, last_seen_at)
       SELECT ${id('s')}, o.id, ${id('v')}, decode(md5('t' || i), 'hex'), begun, begun FROM ${begun} JOIN owners o ON o.rest = i % 3`,
    `INSERT INTO turns (conversation_id, number, attempt, state, epoch, after_seq, answers_to, message_seq, provider, model,
         tokens_input, tokens_output, cost, spent, tool_calls, opened_at, ended_at)
       SELECT ${id('c')}, j, 1, 'complete', 0, 4 * j - 4, 4 * j - 3, 4 * j - 2, 'claude', 'large', ${INPUT}, ${OUTPUT},
         (${INPUT} + 5 * ${OUTPUT}) * 0.000003, ${spent}, (j = 3)::int, at, at + interval '1 second'
       FROM ${said} WHERE ${past}`,
    `INSERT INTO conversations (id, client_id, session_id, state, started_at, last_at, ended_at, last_seq, visitor_seq, answered_seq, turn, message_count)
       SELECT ${id('c')}, o.id, ${id('s')}, 'ended', begun, t.last, t.last, 4 * t.n, 4 * t.n - 3, 4 * t.n - 3, t.n + 1, 4 * t.n
       FROM ${begun} JOIN owners o ON o.rest = i % 3
       JOIN (SELECT conversation_id, count(*)::int AS n, max(ended_at) + interval '2 seconds' AS last FROM turns GROUP BY 1) t ON t.conversation_id = ${id('c')}`,
    `INSERT INTO messages (id, conversation_id, seq, role, content, "timestamp", turn, answers_to, status)
       SELECT md5('m' || i || '/' || j || r)::uuid, ${id('c')}, 4 * j - 3 + r, CASE r WHEN 0 THEN 'user' WHEN 1 THEN 'assistant' ELSE 'agent' END,
         'What is said here is about as long as what people say in a chat ' || i || '.' || j, at + r * interval '1 second',
         CASE r WHEN 1 THEN j END, CASE r WHEN 1 THEN 4 * j - 3 END, CASE r WHEN 1 THEN 'complete' END
       FROM ${said}, generate_series(0, ${MESSAGES - 1}) r WHERE ${past}`,
    `INSERT INTO message_receipts (session_id, client_message_id, conversation_id, seq, message_id, text_hash, created_at)
       SELECT ${id('s')}, 'm' || j, ${id('c')}, 4 * j - 3, md5('m' || i || '/' || j || 0)::uuid, '\\x00', at FROM ${said} WHERE ${past}`,
    `INSERT INTO turn_steps (conversation_id, turn, step, attempt, node, answers_to, body, created_at)
       SELECT ${id('c')}, j, 0, 1, ${id('n')}, 4 * j - 3, '{"calls": [{"name": "find_order"}]}', at FROM ${said} WHERE j = 3 AND ${past}`,
    `INSERT INTO tool_executions (client_id, conversation_id, turn, step, call_id, tool_name, parameters, success, execution_time_ms, "timestamp")
       SELECT o.id, ${id('c')}, j, 0, 'call', 'find_order', '{"order": 1}', i % 9 > 0, i % 700, at
       FROM ${said} JOIN owners o ON o.rest = i % 3 WHERE j = 3 AND ${past}`,
    `INSERT INTO api_usage (client_id, date, conversation_count)
       SELECT client_id, (started_at AT TIME ZONE 'UTC')::date, count(*) FROM conversations GROUP BY 1, 2`,
    `INSERT INTO api_usage AS a (client_id, date, message_count, tokens_input, tokens_output, tool_calls_count, cost_estimate)
       SELECT c.client_id, (t.ended_at AT TIME ZONE 'UTC')::date, count(*), sum(t.tokens_input), sum(t.tokens_output), sum(t.tool_calls), sum(t.cost)
       FROM turns t JOIN conversations c ON c.id = t.conversation_id GROUP BY 1, 2
       ON CONFLICT (client_id, date) DO UPDATE SET message_count = EXCLUDED.message_count, tokens_input = EXCLUDED.tokens_input,
         tokens_output = EXCLUDED.tokens_output, tool_calls_count = EXCLUDED.tool_calls_count, cost_estimate = EXCLUDED.cost_estimate`,
    `INSERT INTO usage_by_model (client_id, date, provider, model, turns, tokens_input, tokens_output, cost_estimate)
       SELECT c.client_id, (t.ended_at AT TIME ZONE 'UTC')::date, 'claude', t.spent #>> '{0,model}', count(*), sum(t.tokens_input), sum(t.tokens_output), sum(t.cost)
       FROM turns t JOIN conversations c ON c.id = t.conversation_id GROUP BY 1, 2, 3, 4`,
  ]
}
