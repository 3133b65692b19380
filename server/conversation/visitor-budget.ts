import type { Database, Statement } from '../infra/database.ts'

/** What a visitor's answers have spent in the last 24 hours. */
interface SpentRow {
  tokens: number
  /** Milliseconds until it is less than the limit again; null where it is. */
  wait_ms: number | null
}

/**
 * Sums up the turns of all conversations of the conversation's visitor that have ended within 24 hours, summaries
 * included. Those that end first leave the sum first. $1 conversation $2 the limit
 */
const SPENT: Statement = {
  name: 'conversation/visitor-spent',
  text: `
    WITH spent AS (
      SELECT t.ended_at, t.tokens_input + t.tokens_output AS tokens,
        sum(t.tokens_input + t.tokens_output) OVER (ORDER BY t.ended_at, t.conversation_id, t.number) AS up_to
      FROM conversations asked JOIN sessions s ON s.id = asked.session_id
        JOIN sessions own ON own.visitor_id = s.visitor_id
        JOIN conversations v ON v.session_id = own.id AND v.last_at > now() - interval '1 day'
        JOIN turns t ON t.conversation_id = v.id AND t.ended_at > now() - interval '1 day'
      WHERE asked.id = $1::uuid
    ), total AS (SELECT coalesce(sum(tokens), 0) AS tokens FROM spent)
    SELECT total.tokens::float8 AS tokens, (SELECT
        extract(epoch FROM min(spent.ended_at) + interval '1 day' - now())::float8 * 1000 FROM spent
        WHERE total.tokens >= $2::bigint AND spent.up_to > total.tokens - $2::bigint) AS wait_ms
    FROM total`,
}

/**
 * Milliseconds until the visitor may be answered by a model again; null: it may be now. Bounds what one visitor can
 * spend of a client's money, through whatever doors and sessions it comes: to `limit` tokens, and one turn more for
 * each conversation that is answered at the same moment.
 */
export async function visitorWaits(
  database: Database,
  conversationId: string,
  limit: number,
): Promise<number | null> {
  const [row] = await database.run<SpentRow>(SPENT, [conversationId, limit])
  if (!row || row.tokens < limit) return null
  return Math.max(1, Math.ceil(row.wait_ms ?? 0))
}
