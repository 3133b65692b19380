import type { Statement } from '../infra/database.ts'
import { WATCHED_CONVERSATION_COLUMNS } from './rows.ts'

/** Makes a session a test chat, before anything is said in it. $1 session $2 client $3 who began it */
export const MARK: Statement = {
  name: 'conversation/begin-test-chat',
  text: `
    WITH noted AS (
      INSERT INTO audit_log (client_id, actor, actor_id, action, details)
      VALUES ($2::uuid, 'admin', $3::uuid, 'test_chat.started', jsonb_build_object('session_id', $1::uuid))
    )
    INSERT INTO test_chats (session_id, client_id, admin_id) VALUES ($1::uuid, $2::uuid, $3::uuid)`,
}

/** The session of a test chat as its visitor's. $1 session, perhaps no id $2 client */
export const FIND_SESSION: Statement = {
  name: 'conversation/find-test-chat',
  text: `
    SELECT s.id, s.client_id, s.visitor_id, v.user_identifier, v.proven, s.locale
    FROM test_chats t JOIN sessions s ON s.id = t.session_id JOIN visitors v ON v.id = s.visitor_id
    WHERE t.session_id::text = lower($1) AND t.client_id = $2::uuid`,
}

/** $1 client $2 after which session, or null $3 how many $4 the only session, or null */
export const LIST: Statement = {
  name: 'conversation/list-test-chats',
  text: `
    SELECT t.session_id, a.name AS by, t.created_at, (
      SELECT c.id FROM conversations c WHERE c.session_id = t.session_id
      ORDER BY (c.state <> 'ended') DESC, c.started_at DESC LIMIT 1
    ) AS conversation_id
    FROM test_chats t LEFT JOIN admins a ON a.id = t.admin_id
    WHERE t.client_id = $1::uuid AND ($4::uuid IS NULL OR t.session_id = $4::uuid)
      AND ($2::uuid IS NULL OR (t.created_at, t.session_id) < (
        SELECT created_at, session_id FROM test_chats WHERE client_id = $1::uuid AND session_id = $2::uuid
      ))
    ORDER BY t.created_at DESC, t.session_id DESC LIMIT $3::int`,
}

/** $1 conversations */
export const CONVERSATIONS: Statement = {
  name: 'conversation/read-test-conversations',
  text: `SELECT ${WATCHED_CONVERSATION_COLUMNS} FROM conversations WHERE id = ANY($1::uuid[]) AND is_test`,
}

/** Of the conversation $2, or for null the one that began last. $1 session $3 after which number $4 how many */
export const CALLS: Statement = {
  name: 'conversation/read-model-calls',
  text: `
    SELECT m.number, m.conversation_id, m.turn, m.attempt, m.provider, m.model, m.at, m.request, m.answer, m.fault,
      m.wire, m.tokens_input, m.tokens_output, m.tokens_cached, m.estimated, m.cost, m.first_word_ms, m.total_ms
    FROM model_calls m
    WHERE m.conversation_id = (
        SELECT id FROM conversations WHERE session_id = $1::uuid AND ($2::uuid IS NULL OR id = $2::uuid)
        ORDER BY started_at DESC LIMIT 1
      ) AND m.number > $3::int
    ORDER BY m.number LIMIT $4::int`,
}
