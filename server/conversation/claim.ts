import type { Database, Statement } from '../infra/database.ts'
import type { Address } from './publisher.ts'

/** A turn that `node` owns, until a higher attempt fences it. */
export interface ClaimedTurn {
  to: Address
  node: string
  turn: number
  attempt: number
  epoch: number
  /** The last visitor message when it was claimed. */
  upTo: number
  /** Not null: nothing may run any more, the turn is to be ended so at once. */
  finish: 'stopped' | 'interrupted' | 'failed' | null
}

interface ClaimedRow {
  id: string
  client_id: string
  session_id: string
  turn: number
  attempt: number
  epoch: number
  up_to: number
  finish: ClaimedTurn['finish']
}

/**
 * How often a turn is tried before it is ended as failed; anew from each attempt on that came as far as to ask the visitor
 * before a call: nodes may come and go as they like while it waits.
 */
const ATTEMPTS = 3

const CLAIMED = `
  id, client_id, session_id, turn, attempt, turn_epoch AS epoch, visitor_seq AS up_to,
  CASE WHEN stop_turn = turn THEN 'stopped' WHEN turn_epoch < epoch THEN 'interrupted'
    WHEN attempt > ${String(ATTEMPTS)} + coalesce((
      SELECT max(q.attempt) FROM tool_confirmations q WHERE q.conversation_id = u.id AND q.turn = u.turn
    ), 0) THEN 'failed' END AS finish`

/**
 * Claims one turn: a queued one, a dead node's, or this node's own again. $1 conversation $2 node
 * "Dead" is asked as "its lease had lapsed when this statement began": a lapsed lease never revives, so an old
 * snapshot can only be too kind. Asked as "not among the living", or by the clock after a wait for the row's lock,
 * it would steal from a node that has registered or renewed meanwhile. The turn's own row is there already; but where
 * the claim waited for the end that opened it, only ON CONFLICT sees a row younger than this statement's snapshot.
 */
const CLAIM: Statement = {
  name: 'conversation/claim',
  text: `
    WITH u AS (
      UPDATE conversations v SET attempt = attempt + 1, node = $2::uuid
      WHERE id = $1::uuid AND turn_open
        AND EXISTS (SELECT 1 FROM nodes n WHERE n.id = $2::uuid AND n.lease_until > now())
        AND (node IS NULL OR node = $2::uuid
          OR EXISTS (SELECT 1 FROM nodes n WHERE n.id = v.node AND n.lease_until <= now()))
      RETURNING *
    ), t AS (
      INSERT INTO turns (conversation_id, number, attempt, state, node, epoch, after_seq, opened_at)
      SELECT id, turn, attempt, 'running', node, turn_epoch, answered_seq, clock_timestamp() FROM u
      ON CONFLICT (conversation_id, number) DO UPDATE SET attempt = EXCLUDED.attempt, node = EXCLUDED.node, state = 'running'
    )
    SELECT ${CLAIMED} FROM u`,
}

/** Claims the open turn of a conversation for `node`; null when somebody alive owns it, or none is open. */
export async function claimTurn(
  database: Database,
  conversationId: string,
  node: string,
): Promise<ClaimedTurn | null> {
  const [row] = await database.run<ClaimedRow>(CLAIM, [conversationId, node])
  return row ? claimed(row, node) : null
}

/** Claims up to $2 queued turns and turns of dead nodes for $1. Rows that others hold are left to them. */
const ADOPT: Statement = {
  name: 'conversation/adopt',
  text: `
    WITH cand AS MATERIALIZED (
      (SELECT conversation_id, number, attempt, node FROM turns WHERE state = 'queued' LIMIT $2::int)
      UNION ALL
      (SELECT conversation_id, number, attempt, node FROM turns t WHERE state = 'running'
        AND EXISTS (SELECT 1 FROM nodes n WHERE n.id = t.node AND n.lease_until <= now()) LIMIT $2::int)
    ), c AS MATERIALIZED (
      SELECT v.id FROM conversations v JOIN cand ON cand.conversation_id = v.id
      WHERE v.turn_open AND v.turn = cand.number AND v.attempt = cand.attempt AND v.node IS NOT DISTINCT FROM cand.node
        AND EXISTS (SELECT 1 FROM nodes n WHERE n.id = $1::uuid AND n.lease_until > now())
      LIMIT $2::int
      FOR NO KEY UPDATE OF v SKIP LOCKED
    ), u AS (
      UPDATE conversations v SET node = $1::uuid, attempt = v.attempt + 1 FROM c WHERE v.id = c.id RETURNING v.*
    ), t AS (
      UPDATE turns t SET node = u.node, attempt = u.attempt, state = 'running' FROM u
      WHERE t.conversation_id = u.id AND t.number = u.turn
    )
    SELECT ${CLAIMED} FROM u`,
}

/** Claims what nobody alive owns, at most `limit` turns. */
export async function adoptTurns(database: Database, node: string, limit: number): Promise<ClaimedTurn[]> {
  const rows = await database.run<ClaimedRow>(ADOPT, [node, limit])
  return rows.map((row) => claimed(row, node))
}

function claimed(row: ClaimedRow, node: string): ClaimedTurn {
  const to = { client_id: row.client_id, session_id: row.session_id, conversation_id: row.id }
  return {
    to,
    node,
    turn: row.turn,
    attempt: row.attempt,
    epoch: row.epoch,
    upTo: row.up_to,
    finish: row.finish,
  }
}
