import { randomUUID } from 'node:crypto'
import type { Database } from '../../server/infra/database.ts'

/** So many conversations of a client, each of two messages and begun a minute after the one before; ids in that order. */
export async function makeConversations(
  database: Database,
  client: { id: string },
  count: number,
): Promise<string[]> {
  const rows = await database.run<{ id: string }>({ name: 'test/desk-conversations', text: MANY }, [
    client.id,
    count,
  ])
  return rows.map(({ id }) => id)
}

const MANY = `
  WITH v AS (
    INSERT INTO visitors (id, client_id, user_identifier)
    SELECT gen_random_uuid(), $1::uuid, 'customer-' || gen_random_uuid() FROM generate_series(1, $2::int) RETURNING id
  ), s AS (
    INSERT INTO sessions (id, client_id, visitor_id, token_hash)
    SELECT gen_random_uuid(), $1::uuid, id, '\\x00' FROM v RETURNING id
  ), c AS (
    INSERT INTO conversations (id, client_id, session_id, started_at, last_seq, last_at, message_count)
    SELECT gen_random_uuid(), $1::uuid, id, now() + n * interval '1 minute', 2,
      now() + n * interval '1 minute' + interval '1 second', 2
    FROM (SELECT id, row_number() OVER () AS n FROM s) AS numbered RETURNING id, started_at, last_at
  ), q AS (
    INSERT INTO messages (id, conversation_id, seq, role, content, "timestamp")
    SELECT gen_random_uuid(), id, 1, 'user', 'Do you have rye bread? My code is ' || id, started_at FROM c
  ), a AS (
    INSERT INTO messages (id, conversation_id, seq, role, content, "timestamp", answers_to, status, turn)
    SELECT gen_random_uuid(), id, 2, 'assistant', 'Yes, each morning.', last_at, 1, 'complete', 1 FROM c
  )
  SELECT id FROM c ORDER BY started_at`

/** One conversation of so many messages, every other an answer of a turn with a call of a tool. */
export async function makeLongConversation(
  database: Database,
  client: { id: string },
  count: number,
): Promise<string> {
  const id = randomUUID()
  await database.run({ name: 'test/desk-long-conversation', text: LONG }, [client.id, id, count])
  return id
}

const LONG = `
  WITH v AS (
    INSERT INTO visitors (id, client_id, user_identifier, name) VALUES (gen_random_uuid(), $1::uuid, 'long-' || $2::text, 'Ada')
    RETURNING id
  ), s AS (
    INSERT INTO sessions (id, client_id, visitor_id, token_hash) SELECT gen_random_uuid(), $1::uuid, id, '\\x00' FROM v
    RETURNING id
  ), c AS (
    INSERT INTO conversations (id, client_id, session_id, started_at, last_seq, last_at, message_count, tokens_total, cost_total)
    SELECT $2::uuid, $1::uuid, id, now(), $3::int, now() + $3::int * interval '1 second', $3::int, 110 * ($3::int / 2), 0.5 FROM s
    RETURNING id, started_at
  ), m AS (
    INSERT INTO messages (id, conversation_id, seq, role, content, "timestamp", answers_to, status, turn)
    SELECT gen_random_uuid(), id, n, CASE WHEN n % 2 = 1 THEN 'user' ELSE 'assistant' END, 'Words number ' || n,
      started_at + n * interval '1 second', CASE WHEN n % 2 = 0 THEN n - 1 END, CASE WHEN n % 2 = 0 THEN 'complete' END,
      CASE WHEN n % 2 = 0 THEN n / 2 END
    FROM c CROSS JOIN generate_series(1, $3::int) AS n
  ), t AS (
    INSERT INTO turns (conversation_id, number, attempt, state, epoch, after_seq, answers_to, message_seq, provider, model,
      tokens_input, tokens_output, cost, first_token_ms, total_ms, opened_at, ended_at)
    SELECT id, n, 1, 'complete', 0, 2 * n - 2, 2 * n - 1, 2 * n, 'claude', 'claude-haiku-5-5', 100, 10, 0.0002, 100 + n % 7, 900,
      started_at, started_at FROM c CROSS JOIN generate_series(1, $3::int / 2) AS n
  )
  INSERT INTO tool_executions (client_id, conversation_id, turn, step, call_id, tool_name, parameters, n8n_response, success,
    execution_time_ms, "timestamp")
  SELECT $1::uuid, id, n, 0, '0', 'order_status', '{"order": "7"}', '{"status": 200, "kind": "text", "body": "sent"}', n % 10 > 0,
    120, started_at FROM c CROSS JOIN generate_series(1, $3::int / 2) AS n`
