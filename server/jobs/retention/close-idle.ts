import type { Publisher } from '../../conversation/publisher.ts'
import type { Database, Statement } from '../../infra/database.ts'
import { IDLE_HOURS } from '../periods.ts'

/** Conversations at once. */
const AT_ONCE = 500

/**
 * Conversations in which nothing has happened for a day, nobody answers, and nobody is waited for. Those that somebody
 * works on are left to the next look. $1 hours $2 how many
 */
const CLOSE: Statement = {
  name: 'jobs/close-idle',
  text: `
    WITH idle AS MATERIALIZED (
      SELECT id FROM conversations
      WHERE state <> 'ended' AND NOT turn_open AND handoff <> 'requested'
        AND last_at < clock_timestamp() - $1::int * interval '1 hour'
      ORDER BY last_at LIMIT $2::int FOR NO KEY UPDATE SKIP LOCKED
    ), u AS (
      UPDATE conversations v SET state = 'ended', handoff = 'none', epoch = epoch + 1, agent_id = NULL,
        ended_at = clock_timestamp()
      FROM idle WHERE v.id = idle.id
      RETURNING v.client_id, v.session_id, v.id AS conversation_id, v.epoch, v.last_seq
    ), a AS (
      INSERT INTO audit_log (client_id, conversation_id, actor, action, details)
      SELECT client_id, conversation_id, 'system', 'conversation.ended',
        jsonb_build_object('epoch', epoch, 'last_seq', last_seq, 'because', 'idle') FROM u
    )
    SELECT client_id, session_id, conversation_id FROM u`,
}

const COUNT: Statement = {
  name: 'jobs/count-idle',
  text: `
    SELECT count(*)::int AS count FROM conversations
    WHERE state <> 'ended' AND NOT turn_open AND handoff <> 'requested'
      AND last_at < clock_timestamp() - $1::int * interval '1 hour'`,
}

/** Ends idle conversations, and tells whoever listens; null: nobody can be told from here. Gives how many it were. */
export async function closeIdle(
  database: Pick<Database, 'run'>,
  publisher: Publisher | null,
): Promise<number> {
  let closed = 0
  for (;;) {
    const rows = await database.run<{ client_id: string; session_id: string; conversation_id: string }>(
      CLOSE,
      [IDLE_HOURS, AT_ONCE],
    )
    for (const to of rows) publisher?.publish(to, 'conversation:ended', { reason: 'idle' })
    closed += rows.length
    if (rows.length < AT_ONCE) return closed
  }
}

/** How many would be closed. */
export async function countIdle(database: Pick<Database, 'run'>): Promise<number> {
  const [row] = await database.run<{ count: number }>(COUNT, [IDLE_HOURS])
  return row?.count ?? 0
}
