import { refuse, succeed, type Result } from '../../protocol/result.ts'
import type { Conversation } from '../../protocol/records.ts'
import type { VisitorSession } from '../auth/visitor-session.ts'
import type { Statement } from '../infra/database.ts'
import type { ConversationContext } from './context.ts'
import { findCurrent, openConversation } from './current.ts'
import { presentConversation } from './present.ts'
import { CONVERSATION_COLUMNS, type ConversationRow } from './rows.ts'

/**
 * Ends the session's open conversation. Raising the epoch is the mark of an interrupted turn: nothing else is
 * written, its owner commits what it had said. $1 session
 */
const END: Statement = {
  name: 'conversation/end',
  text: `
    WITH u AS (
      UPDATE conversations SET state = 'ended', handoff = 'none', epoch = epoch + 1, agent_id = NULL,
        ended_at = clock_timestamp()
      WHERE session_id = $1::uuid AND state <> 'ended'
      RETURNING ${CONVERSATION_COLUMNS}, last_seq, turn
    ), a AS (
      INSERT INTO audit_log (client_id, conversation_id, actor, action, details)
      SELECT client_id, id, 'visitor', 'conversation.ended',
        jsonb_build_object('epoch', epoch, 'last_seq', last_seq) FROM u
    )
    SELECT * FROM u`,
}

type EndedRow = ConversationRow & { turn: number }

/** Ends the current conversation; one that has ended already is returned as it is, null where there never was one. */
export async function endConversation(
  context: ConversationContext,
  session: VisitorSession,
  reason: 'visitor' | 'replaced' = 'visitor',
): Promise<Result<{ conversation: Conversation | null }>> {
  const [row] = await context.database.run<EndedRow>(END, [session.id])
  if (!row) {
    const last = await findCurrent(context.database, session.id)
    return succeed({ conversation: last && presentConversation(last) })
  }
  const to = { client_id: row.client_id, session_id: row.session_id, conversation_id: row.id }
  if (row.turn_open) context.turns.interrupt(to, row.turn, 'interrupted')
  context.publisher.publish(to, 'conversation:ended', { reason })
  await context.contexts.forget(session.id)
  return succeed({ conversation: presentConversation(row) })
}

/** Begins a new conversation. One that is open and has messages is ended; one that is still empty is kept. */
export async function startConversation(
  context: ConversationContext,
  session: VisitorSession,
): Promise<Result<{ conversation: Conversation }>> {
  const current = await findCurrent(context.database, session.id)
  if (current && current.state !== 'ended') {
    if (current.message_count === 0) return succeed({ conversation: presentConversation(current) })
    await endConversation(context, session, 'replaced')
  }
  const opened = await openConversation(context.database, session)
  const row = opened ?? (await findCurrent(context.database, session.id))
  if (!row) return refuse('unavailable')
  const conversation = presentConversation(row)
  const to = { client_id: row.client_id, session_id: row.session_id, conversation_id: row.id }
  if (opened) context.publisher.publish(to, 'conversation:started', { conversation })
  return succeed({ conversation })
}
