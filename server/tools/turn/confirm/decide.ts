import type { DecidedBy } from '../../../../models/tool-confirmation.ts'
import type { ToolAnswer } from '../../../../protocol/widget.ts'
import type { Database, Statement } from '../../../infra/database.ts'
import { RUNS, STILL_WAITING, WROTE_ELSE } from './still-waiting.ts'

/**
 * What a visitor's answer came to. `decided`: it is the one that holds; `late`: something
 * else holds, or the turn is over; `unknown`: this visitor was asked nothing of this name; `contended`: so much is
 * written at once that it could not be decided.
 */
export type Answered =
  ({ state: 'decided'; how: DecidedBy } & Place) | { state: 'late' | 'unknown' | 'contended' }

/** The first finds the row in one go; more are needed only while somebody writes at the same moment. */
const TRIES = 4

/** Decides a question of the session. Rejects with `DatabaseUnavailable`, the answer then being in doubt. */
export async function decideQuestion(
  database: Pick<Database, 'run'>,
  sessionId: string,
  { call_id, approved }: ToolAnswer,
): Promise<Answered> {
  for (let tries = 0; tries < TRIES; tries++) {
    const [decided] = await database.run<Place>(DECIDE, [sessionId, call_id, approved])
    if (decided) return { state: 'decided', how: 'visitor', ...decided }
    const [found] = await database.run<FoundRow>(FIND, [sessionId, call_id])
    if (!found) return { state: 'unknown' }
    const { held, how, waits, ...place } = found
    if (waits) continue
    // Who says no to what is off already has what it wants; only what expired is nobody's answer.
    const holds = how !== null && how !== 'expired' && held === approved
    return holds ? { state: 'decided', how, ...place } : { state: 'late' }
  }
  return { state: 'contended' }
}

interface Place {
  conversation_id: string
  turn: number
}

interface FoundRow extends Place {
  held: boolean
  /** Null: nothing was decided. */
  how: DecidedBy | null
  waits: boolean
}

/**
 * $1 session $2 call_id $3 approved. The conversation is locked first, so that no message is saved meanwhile; where
 * the lock was waited for, one may have been that this statement's snapshot does not show: then nothing is decided, and
 * the next try sees it. The update itself re-reads the row that it had to wait for. No row: not decided.
 */
const DECIDE: Statement = {
  name: 'tools/decide-question',
  text: `
    WITH c AS MATERIALIZED (
      SELECT v.id, v.turn, v.visitor_seq, ${RUNS} AS runs FROM conversations v
      WHERE v.session_id = $1::uuid AND v.id = (SELECT conversation_id FROM tool_confirmations WHERE call_id = $2)
      FOR NO KEY UPDATE
    )
    UPDATE tool_confirmations q SET decided_at = clock_timestamp(), approved = $3::boolean, how = 'visitor'
    FROM c
    WHERE q.call_id = $2 AND q.conversation_id = c.id AND q.turn = c.turn AND c.runs
      AND q.decided_at IS NULL AND q.expires_at > clock_timestamp()
      AND c.visitor_seq = (SELECT s.visitor_seq FROM conversations s WHERE s.id = c.id) AND NOT ${WROTE_ELSE}
    RETURNING q.conversation_id, q.turn`,
}

/** How a question of the session stands. $1 session $2 call_id */
const FIND: Statement = {
  name: 'tools/find-question',
  text: `
    SELECT q.conversation_id, q.turn, coalesce(q.approved, false) AS held,
      coalesce(q.how, CASE WHEN ${WROTE_ELSE} THEN 'message' END) AS how, ${STILL_WAITING} AS waits
    FROM tool_confirmations q JOIN conversations v ON v.id = q.conversation_id
    WHERE q.call_id = $2 AND v.session_id = $1::uuid`,
}
