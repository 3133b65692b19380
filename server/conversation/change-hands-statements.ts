import type { Statement } from '../infra/database.ts'
import type { Address } from './publisher.ts'
import { WATCHED_CONVERSATION_COLUMNS, type WatchedConversationRow } from './rows.ts'

/** A conversation in the moment in which it changed hands. */
export interface HandRow extends WatchedConversationRow {
  agent_id: string | null
  visitor_seq: number
  turn: number
  /** With a lower `turn_epoch` than `epoch`: the turn is interrupted, its owner has yet to end it. */
  turn_epoch: number
  attempt: number
}

/** `opened`: the turn that answers what the agent left unanswered, claimed for the node that was named. */
export type HandedBackRow = HandRow & { opened: boolean }

export function addressOf(row: HandRow): Address {
  return { client_id: row.client_id, session_id: row.session_id, conversation_id: row.id }
}

const HAND_COLUMNS = `${WATCHED_CONVERSATION_COLUMNS}, agent_id, visitor_seq, turn, turn_epoch, attempt`

/** The conversation $1 of the client $2; where that is null, of any. */
const OF_CLIENT = `id = $1::uuid AND ($2::uuid IS NULL OR client_id = $2::uuid)`

/** $1 conversation $2 client */
export const FIND: Statement = {
  name: 'conversation/find-hand',
  text: `SELECT ${HAND_COLUMNS} FROM conversations WHERE ${OF_CLIENT}`,
}

/**
 * Gives the conversation to a person, from the AI or from another person. Raising the epoch is the mark of an
 * interrupted turn: nothing else is written, its owner commits what it had said. No row: ended, or theirs already.
 * $1 conversation $2 client $3 admin
 */
export const TAKE_OVER: Statement = {
  name: 'conversation/take-over',
  text: `
    WITH u AS (
      UPDATE conversations SET state = 'agent', handoff = 'with_agent', epoch = epoch + 1, agent_id = $3::uuid
      WHERE ${OF_CLIENT}
        AND (state = 'ai' OR state = 'agent' AND agent_id IS DISTINCT FROM $3::uuid)
      RETURNING ${HAND_COLUMNS}, last_seq
    ), a AS (
      INSERT INTO audit_log (client_id, conversation_id, actor, actor_id, action, details)
      SELECT client_id, id, 'admin', $3::uuid, 'conversation.taken_over',
        jsonb_build_object('epoch', epoch, 'last_seq', last_seq, 'turn', CASE WHEN turn_open THEN turn END) FROM u
    )
    SELECT * FROM u`,
}

/**
 * Gives the conversation back to the AI. What the visitor wrote before the agent's last message counts as answered;
 * what came later opens a turn, claimed for $4 or, where that is null, queued. A turn that was interrupted and is
 * still open is left to its owner, whose end opens the next one. No row: the admin has not taken it over.
 * $1 conversation $2 client $3 admin $4 node
 */
export const HAND_BACK: Statement = {
  name: 'conversation/hand-back',
  text: `
    WITH u AS (
      UPDATE conversations SET
        state = 'ai', handoff = 'none', epoch = epoch + 1, agent_id = NULL,
        answered_seq = greatest(answered_seq, agent_seq),
        turn_seq   = CASE WHEN turn_open THEN turn_seq   ELSE visitor_seq END,
        turn_epoch = CASE WHEN turn_open THEN turn_epoch ELSE epoch + 1 END,
        attempt    = CASE WHEN turn_open THEN attempt    ELSE ($4::uuid IS NOT NULL)::int END,
        node       = CASE WHEN turn_open THEN node       ELSE $4::uuid END,
        turn_open  = turn_open OR visitor_seq > greatest(answered_seq, agent_seq)
      WHERE ${OF_CLIENT} AND state = 'agent' AND agent_id = $3::uuid
      RETURNING ${HAND_COLUMNS}, last_seq, answered_seq, node, turn_open AND turn_epoch = epoch AS opened
    ), t AS (
      INSERT INTO turns (conversation_id, number, attempt, state, node, epoch, after_seq, opened_at)
      SELECT id, turn, attempt, CASE WHEN node IS NULL THEN 'queued' ELSE 'running' END, node, epoch, answered_seq,
        clock_timestamp()
      FROM u WHERE opened
    ), a AS (
      INSERT INTO audit_log (client_id, conversation_id, actor, actor_id, action, details)
      SELECT client_id, id, 'admin', $3::uuid, 'conversation.handed_back',
        jsonb_build_object('epoch', epoch, 'last_seq', last_seq) FROM u
    )
    SELECT * FROM u`,
}

/** $1 conversation $2 turn */
export const LOOK: Statement = {
  name: 'conversation/look-at-turn',
  text: `SELECT epoch, turn_open AND turn = $2::int AS open FROM conversations WHERE id = $1::uuid`,
}
