import { randomUUID } from 'node:crypto'
import type { VisitorSession } from '../auth/visitor-session.ts'
import type { Database, Statement } from '../infra/database.ts'
import { CONVERSATION_COLUMNS, HANDOFF_POSITION, type ConversationRow } from './rows.ts'

const FIND: Statement = {
  name: 'conversation/current',
  text: `
    SELECT ${CONVERSATION_COLUMNS}, ${HANDOFF_POSITION} AS handoff_position FROM conversations v
    WHERE session_id = $1::uuid ORDER BY (state <> 'ended') DESC, started_at DESC LIMIT 1`,
}

/** The session's open conversation, else the one that ended last, else null. */
export async function findCurrent(database: Database, sessionId: string): Promise<ConversationRow | null> {
  const [row] = await database.run<ConversationRow>(FIND, [sessionId])
  return row ?? null
}

/** $1 id $2 client $3 session $4 the client's name for the visitor $5 locale. No row: the session has an open one. */
const OPEN: Statement = {
  name: 'conversation/open',
  text: `
    WITH opened AS (
      INSERT INTO conversations (id, client_id, session_id, user_identifier, locale)
      VALUES ($1::uuid, $2::uuid, $3::uuid, $4::text, $5::text)
      ON CONFLICT (session_id) WHERE state <> 'ended' DO NOTHING
      RETURNING ${CONVERSATION_COLUMNS}
    ), counted AS (
      INSERT INTO api_usage AS a (client_id, date, conversation_count)
      SELECT client_id, (started_at AT TIME ZONE 'UTC')::date, 1 FROM opened
      ON CONFLICT (client_id, date) DO UPDATE SET conversation_count = a.conversation_count + 1
    )
    SELECT ${CONVERSATION_COLUMNS} FROM opened`,
}

/** Opens a conversation for the session; null when another request has just opened one. */
export async function openConversation(
  database: Database,
  session: VisitorSession,
): Promise<ConversationRow | null> {
  const [row] = await database.run<ConversationRow>(OPEN, [
    randomUUID(),
    session.client_id,
    session.id,
    session.user_identifier,
    session.locale,
  ])
  return row ?? null
}
