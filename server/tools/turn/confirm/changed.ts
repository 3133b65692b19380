import type { DecidedBy } from '../../../../models/tool-confirmation.ts'
import type { ToolConfirm, ToolConfirmed } from '../../../../protocol/widget.ts'
import type { Database, Statement } from '../../../infra/database.ts'
import { presentQuestion, QUESTION_COLUMNS, type QuestionRow } from './waiting.ts'

/** A question that was asked or decided lately, by whichever node. */
export interface ChangedQuestion {
  to: { client_id: string; session_id: string; conversation_id: string }
  question: ToolConfirm
  /** Null: it waits. */
  decided: ToolConfirmed | null
}

/** Questions at most that are told of one moment: more is left to the visitors' own asking. */
const MOST = 2_000

/** What was asked or decided in running turns of these sessions so many milliseconds ago or later. */
export async function readQuestionsWithin(
  database: Pick<Database, 'run'>,
  sessionIds: readonly string[],
  ms: number,
): Promise<ChangedQuestion[]> {
  if (sessionIds.length === 0) return []
  const rows = await database.run<ChangedRow>(WITHIN, [sessionIds, ms, MOST])
  return rows.map(({ client_id, session_id, conversation_id, approved, how, ...row }) => {
    const { turn, call_id } = row
    const decided = approved === null || how === null ? null : { turn, call_id, approved, how }
    return { to: { client_id, session_id, conversation_id }, question: presentQuestion(row), decided }
  })
}

interface ChangedRow extends QuestionRow {
  client_id: string
  session_id: string
  conversation_id: string
  approved: boolean | null
  how: DecidedBy | null
}

const SINCE = `now() - $2::int * interval '1 millisecond'`

/** $1 sessions $2 how many milliseconds back, by the database's clock $3 how many */
const WITHIN: Statement = {
  name: 'tools/questions-within',
  text: `
    SELECT v.client_id, v.session_id, v.id AS conversation_id, ${QUESTION_COLUMNS}, q.approved, q.how
    FROM conversations v JOIN tool_confirmations q ON q.conversation_id = v.id AND q.turn = v.turn
    WHERE v.session_id = ANY($1::uuid[]) AND v.turn_open AND (q.asked_at >= ${SINCE} OR q.decided_at >= ${SINCE})
    ORDER BY q.asked_at, q.call_id LIMIT $3::int`,
}
