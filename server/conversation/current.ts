import { randomUUID } from 'node:crypto'
import type { VisitorSession } from '../auth/visitor-session.ts'
import type { Database, Statement } from '../infra/database.ts'
import { presentConversation } from './present.ts'
import type { Address, Publisher } from './publisher.ts'
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

/**
 * The session is locked first: what is told of its next conversation in this moment goes into it, or into this one.
 * $1 id $2 client $3 session $4 the client's name for the visitor $5 locale. No row: the session has an open one.
 */
const OPEN: Statement = {
  name: 'conversation/open',
  text: `
    WITH s AS MATERIALIZED (
      SELECT id, next_attributes FROM sessions WHERE id = $3::uuid FOR NO KEY UPDATE
    ), opened AS (
      INSERT INTO conversations (id, client_id, session_id, user_identifier, locale, attributes, is_test)
      SELECT $1::uuid, $2::uuid, id, $4::text, $5::text, next_attributes,
        EXISTS (SELECT FROM test_chats WHERE session_id = s.id)
      FROM s
      ON CONFLICT (session_id) WHERE state <> 'ended' DO NOTHING
      RETURNING ${CONVERSATION_COLUMNS}, is_test
    ), taken AS (
      UPDATE sessions SET next_attributes = '{}'
      WHERE id = (SELECT session_id FROM opened) AND next_attributes <> '{}'
    ), counted AS (
      INSERT INTO api_usage AS a (client_id, date, conversation_count)
      SELECT client_id, (started_at AT TIME ZONE 'UTC')::date, 1 FROM opened WHERE NOT is_test
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

/**
 * The session's open conversation, or, where `which` is `any`, the one that ended last; a new one where there is none,
 * of which whoever listens is told. Null: it ended in this moment.
 */
export async function findOrOpen(
  { database, publisher }: { database: Database; publisher: Publisher },
  session: VisitorSession,
  which: 'open' | 'any',
): Promise<Address | null> {
  const current = await findCurrent(database, session.id)
  const isIt = current !== null && (which === 'any' || current.state !== 'ended')
  const opened = isIt ? null : await openConversation(database, session)
  const row = isIt ? current : (opened ?? (await findCurrent(database, session.id)))
  if (row === null) return null
  const to = { client_id: row.client_id, session_id: row.session_id, conversation_id: row.id }
  if (opened) publisher.publish(to, 'conversation:started', { conversation: presentConversation(opened) })
  return to
}
