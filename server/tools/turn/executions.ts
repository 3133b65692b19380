import type { Json } from '../../../models/tool-execution.ts'
import type { Database, Statement } from '../../infra/database.ts'
import { maskSecrets } from '../mask-secrets.ts'
import type { ToolOutcome } from '../outcome.ts'
import type { CalledFor } from '../usable-tool.ts'

/** A turn as the node that owns it knows it. */
export interface TurnOwner {
  to: { client_id: string; session_id: string; conversation_id: string }
  turn: number
  attempt: number
  node: string
}

/** Where a call stands: the step of its turn, and the place in the step. */
export interface CallPlace {
  owner: TurnOwner
  step: number
  place: number
}

/**
 * What is known of a call before it is made. `begun`: nobody has begun it before. `unknown`: an earlier attempt of the
 * turn has, and nothing tells how it ended. `fenced`: the turn is somebody else's now, or over.
 */
export type Begun =
  | { state: 'begun' | 'unknown'; execution_id: string; for: CalledFor }
  | { state: 'recorded'; outcome: ToolOutcome }
  | { state: 'fenced' }

/** The record of every call. */
export interface Executions {
  /** Writes down that a call begins. Rejects with `DatabaseUnavailable`. */
  begin(at: CallPlace, tool: string, given: Record<string, unknown>): Promise<Begun>
  /** Writes down what it came to; the first one stands. Rejects with `DatabaseUnavailable`. */
  finish(at: CallPlace, ended: { success: boolean; outcome: ToolOutcome; ms: number }): Promise<void>
}

export function createExecutions(database: Pick<Database, 'run'>): Executions {
  return {
    async begin({ owner, step, place }, tool, given) {
      const { to, turn, attempt, node } = owner
      const parameters = JSON.stringify(maskSecrets(given))
      const key = [to.conversation_id, turn, attempt, node, step, String(place)]
      const [row] = await database.run<BegunRow>(BEGIN, [...key, tool, parameters])
      if (!row) return { state: 'fenced' }
      const { execution_id, begun, success, outcome, user_identifier, proven } = row
      if (!begun && success !== null && outcome) return { state: 'recorded', outcome }
      return { state: begun ? 'begun' : 'unknown', execution_id, for: { user_identifier, proven } }
    },

    async finish({ owner, step, place }, { success, outcome, ms }) {
      const key = [owner.to.conversation_id, owner.turn, step, String(place)]
      await database.run(FINISH, [...key, success, JSON.stringify(outcome satisfies Json), Math.round(ms)])
    },
  }
}

interface BegunRow {
  execution_id: string
  begun: boolean
  success: boolean | null
  outcome: ToolOutcome | null
  user_identifier: string | null
  proven: boolean
}

/**
 * $1 conversation $2 turn $3 attempt $4 node $5 step $6 place $7 tool $8 arguments
 * No row: the turn is not this attempt's any more. An execution that is there already was begun by an attempt before.
 */
const BEGIN: Statement = {
  name: 'tools/begin-execution',
  text: `
    WITH c AS (
      SELECT id, client_id, session_id FROM conversations WHERE id = $1::uuid AND turn_open AND turn = $2::int
        AND attempt = $3::int AND node = $4::uuid AND turn_epoch = epoch AND stop_turn <> turn FOR NO KEY UPDATE
    ), i AS (
      INSERT INTO tool_executions (client_id, conversation_id, turn, step, call_id, tool_name, parameters)
      SELECT client_id, id, $2::int, $5::int, $6, $7, $8::jsonb FROM c
      ON CONFLICT (conversation_id, turn, step, call_id) DO NOTHING
      RETURNING id
    )
    SELECT coalesce(i.id, e.id) AS execution_id, i.id IS NOT NULL AS begun, e.success, e.n8n_response AS outcome,
      p.user_identifier, p.proven
    FROM c JOIN sessions s ON s.id = c.session_id JOIN visitors p ON p.id = s.visitor_id
      LEFT JOIN i ON true
      LEFT JOIN tool_executions e
        ON e.conversation_id = c.id AND e.turn = $2::int AND e.step = $5::int AND e.call_id = $6`,
}

/** $1 conversation $2 turn $3 step $4 place $5 success $6 what it said $7 milliseconds */
const FINISH: Statement = {
  name: 'tools/finish-execution',
  text: `
    UPDATE tool_executions SET success = $5::boolean, n8n_response = $6::jsonb, execution_time_ms = $7::int
    WHERE conversation_id = $1::uuid AND turn = $2::int AND step = $3::int AND call_id = $4 AND success IS NULL`,
}
