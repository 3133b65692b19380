import type { ConversationState } from '../../protocol/records.ts'
import type { Statement } from '../infra/database.ts'

/** What `RECEIVE` answers; no row means that the session has no open conversation. */
export interface ReceivedRow {
  conversation_id: string
  seq: number
  message_id: string
  created_at: Date
  /** This client_message_id was received before; `seq` and `message_id` are that message's. */
  duplicate: boolean
  same_text: boolean
  state: ConversationState
  epoch: number | null
  turn: number | null
  turn_open: boolean | null
  /** This message opened the turn, claimed for the node that was named. */
  opened: boolean
  attempt: number | null
}

/** The columns of a conversation that receiving judges by. */
export const RECEIVING =
  'id, state, epoch, last_seq, last_at, visitor_seq, answered_seq, turn_open, turn_seq, turn_epoch, attempt, node'

/**
 * Gives what comes from outside its place in the locked conversation `c` of session $1: the receipt `r`, named $2, of a
 * text whose SHA-256 is $4, and the conversation `u`, in which a turn is claimed for the node $5, or queued for null.
 *
 * Lock first (`c`), so that everything after is judged on the row as it is now. The receipt's unique key decides
 * twins: ON CONFLICT DO UPDATE returns the twin's row, which this statement's snapshot may not see. The UPDATE runs
 * only for a new receipt. Every column that a CHECK reads is SET from the locked row, because the new row is first
 * built on the old version and checked before the update notices that it waited.
 */
export function placed(session: string): string {
  return `r AS (
      INSERT INTO message_receipts AS k (session_id, client_message_id, conversation_id, seq, message_id, text_hash, created_at)
      SELECT ${session}, $2::text, id, last_seq + 1, gen_random_uuid(), $4::bytea, greatest(clock_timestamp(), last_at) FROM c
      ON CONFLICT (session_id, client_message_id) DO UPDATE SET seq = k.seq
      RETURNING conversation_id, seq, message_id, text_hash, created_at
    ), u AS (
      UPDATE conversations v SET
        state = c.state, answered_seq = c.answered_seq,
        last_seq = r.seq, last_at = r.created_at, visitor_seq = r.seq, message_count = v.message_count + 1,
        turn_open  = c.turn_open OR c.state = 'ai',
        turn_seq   = CASE WHEN c.turn_open THEN c.turn_seq   ELSE r.seq END,
        turn_epoch = CASE WHEN c.turn_open THEN c.turn_epoch ELSE c.epoch END,
        attempt    = CASE WHEN c.turn_open THEN c.attempt    ELSE ($5::uuid IS NOT NULL)::int END,
        node       = CASE WHEN c.turn_open THEN c.node       ELSE $5::uuid END
      FROM c CROSS JOIN r
      WHERE v.id = c.id AND r.conversation_id = c.id AND r.seq = c.last_seq + 1
      RETURNING v.id, v.epoch, v.answered_seq, v.turn, v.turn_open,
        v.turn_open AND v.turn_seq = v.last_seq AS opened, v.attempt, v.node
    )`
}

/** The turn that was opened for it, and what `ReceivedRow` says. */
export const OPENED = `t AS (
      INSERT INTO turns (conversation_id, number, attempt, state, node, epoch, after_seq, opened_at)
      SELECT u.id, u.turn, u.attempt, CASE WHEN u.node IS NULL THEN 'queued' ELSE 'running' END, u.node, u.epoch,
        u.answered_seq, r.created_at
      FROM u CROSS JOIN r WHERE u.opened
    )
    SELECT r.conversation_id, r.seq, r.message_id, r.created_at, u.id IS NULL AS duplicate,
      r.text_hash = $4::bytea AS same_text, c.state, u.epoch, u.turn, u.turn_open,
      coalesce(u.opened, false) AS opened, u.attempt`

/**
 * Receives a visitor's message: receipt, place, message, and the turn that will answer it, in one statement.
 *
 * $1 session $2 client_message_id $3 text $4 SHA-256 of the text $5 node that claims the turn, or null to queue it
 */
export const RECEIVE: Statement = {
  name: 'conversation/receive',
  text: `
    WITH c AS MATERIALIZED (
      SELECT ${RECEIVING}
      FROM conversations WHERE session_id = $1::uuid AND state <> 'ended' FOR NO KEY UPDATE
    ), ${placed('$1::uuid')}, m AS (
      INSERT INTO messages (id, conversation_id, seq, role, content, "timestamp", client_message_id)
      SELECT r.message_id, u.id, r.seq, 'user', $3::text, r.created_at, $2::text FROM u CROSS JOIN r
    ), ${OPENED}
    FROM c JOIN r ON true LEFT JOIN u ON true`,
}

/** What an earlier send of the same id came to. $1 session $2 client_message_id $3 SHA-256 of the text */
export const FIND_RECEIPT: Statement = {
  name: 'conversation/find-receipt',
  text: `
    SELECT conversation_id, seq, message_id, created_at, text_hash = $3::bytea AS same_text
    FROM message_receipts WHERE session_id = $1::uuid AND client_message_id = $2::text`,
}
