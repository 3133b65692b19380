import type { Database, Statement } from '../../../infra/database.ts'
import { keptJson } from '../../../infra/kept-json.ts'
import { callId, type Question } from './question.ts'

/**
 * How a question stands. `waiting`: as the visitor is asked it. `made`: there is nothing to ask, the call was begun by an
 * attempt before. `fenced`: the turn is somebody else's now, or over.
 */
export type AskedQuestion = ({ state: 'waiting' } & KeptQuestion) | { state: 'made' | 'fenced' }

/** A question as it was written down first, by whichever attempt of its turn. */
export interface KeptQuestion {
  label: string
  arguments: Record<string, unknown>
  expires_at: Date
}

/**
 * Writes a question down, once for each call; it expires `ms` milliseconds after it was asked first. Rejects with
 * `DatabaseUnavailable`.
 */
export async function askQuestion(
  database: Pick<Database, 'run'>,
  question: Question,
  ms: number,
): Promise<AskedQuestion> {
  const { at, tool, label } = question
  const { to, turn, attempt, node } = at.owner
  const place = [to.conversation_id, turn, attempt, node, at.step, String(at.place), callId(at)]
  const values = [...place, tool, label, keptJson(question.arguments), ms]
  const [row] = await database.run<Partial<KeptQuestion>>(ASK, values)
  if (!row) return { state: 'fenced' }
  const { expires_at, ...kept } = row as KeptQuestion
  // The outer join of nothing: no question was needed.
  return (expires_at as Date | null) === null ? { state: 'made' } : { state: 'waiting', expires_at, ...kept }
}

/**
 * $1 conversation $2 turn $3 attempt $4 node $5 step $6 place $7 call_id $8 tool $9 label $10 arguments $11 milliseconds
 * No row: the turn is not this attempt's any more. `attempt` is raised in any case: a turn that came to its question
 * again has not failed again (`claim.ts`).
 */
const ASK: Statement = {
  name: 'tools/ask-visitor',
  text: `
    WITH c AS (
      SELECT id, visitor_seq FROM conversations WHERE id = $1::uuid AND turn_open AND turn = $2::int
        AND attempt = $3::int AND node = $4::uuid AND turn_epoch = epoch AND stop_turn <> turn FOR NO KEY UPDATE
    ), q AS (
      INSERT INTO tool_confirmations (call_id, conversation_id, turn, step, attempt, answers_to, tool_name, label,
        arguments, asked_at, expires_at)
      SELECT $7, id, $2::int, $5::int, $3::int, coalesce((
          SELECT answers_to FROM turn_steps WHERE conversation_id = $1::uuid AND turn = $2::int AND step = $5::int
        ), visitor_seq), $8, $9, $10::jsonb, clock_timestamp(), clock_timestamp() + $11::int * interval '1 ms'
      FROM c WHERE NOT EXISTS (
        SELECT FROM tool_executions
        WHERE conversation_id = $1::uuid AND turn = $2::int AND step = $5::int AND call_id = $6
      )
      ON CONFLICT (call_id) DO UPDATE SET attempt = EXCLUDED.attempt
      RETURNING label, arguments, expires_at
    )
    SELECT q.label, q.arguments, q.expires_at FROM c LEFT JOIN q ON true`,
}
