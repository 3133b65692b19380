import { succeed, type Result } from '../../protocol/result.ts'
import type { VisitorSession } from '../auth/visitor-session.ts'
import type { Statement } from '../infra/database.ts'
import type { ConversationContext } from './context.ts'

/**
 * Marks the open turn as stopped by its visitor, bounded by the last visitor message of now: what comes later is
 * not stopped. $1 session $2 turn. No row: it has ended.
 */
const STOP: Statement = {
  name: 'conversation/stop',
  text: `
    UPDATE conversations SET stop_turn = turn, stop_seq = CASE WHEN stop_turn = turn THEN stop_seq ELSE visitor_seq END
    WHERE session_id = $1::uuid AND state <> 'ended' AND turn_open AND turn = $2::int
    RETURNING id`,
}

/**
 * Stops the reply of a turn, also before its first token. Durable before it resolves: whatever happens to this
 * process, the turn keeps what it had said and is never run again.
 */
export async function stopReply(
  context: ConversationContext,
  session: VisitorSession,
  turn: number,
): Promise<Result<{ stopped: boolean }>> {
  const [row] = await context.database.run<{ id: string }>(STOP, [session.id, turn])
  if (row) {
    const to = { client_id: session.client_id, session_id: session.id, conversation_id: row.id }
    context.turns.interrupt(to, turn, 'stopped')
  }
  return succeed({ stopped: row !== undefined })
}
