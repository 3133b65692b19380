import type { ToolConfirm } from '../../../../protocol/widget.ts'
import type { Database, Statement } from '../../../infra/database.ts'
import { STILL_WAITING } from './still-waiting.ts'

/** A question as a statement gives it, also inside of JSON. */
export interface QuestionRow extends Omit<ToolConfirm, 'expires_at'> {
  expires_at: Date | string
}

/** The columns of `QuestionRow`, of a question `q`. */
export const QUESTION_COLUMNS = 'q.turn, q.call_id, q.label, q.arguments, q.expires_at'

/** As the visitor is told it. */
export function presentQuestion({ turn, call_id, label, ...row }: QuestionRow): ToolConfirm {
  const expires_at = new Date(row.expires_at).toISOString()
  return { turn, call_id, label, arguments: row.arguments, expires_at }
}

/** The questions of a conversation that wait, those asked first at the front. Rejects with `DatabaseUnavailable`. */
export async function waitingQuestions(
  database: Pick<Database, 'run'>,
  conversationId: string,
): Promise<ToolConfirm[]> {
  const rows = await database.run<QuestionRow>(WAITING, [conversationId])
  return rows.map(presentQuestion)
}

/** $1 conversation */
const WAITING: Statement = {
  name: 'tools/waiting-questions',
  text: `
    SELECT ${QUESTION_COLUMNS} FROM tool_confirmations q JOIN conversations v ON v.id = q.conversation_id
    WHERE q.conversation_id = $1::uuid AND ${STILL_WAITING} ORDER BY q.asked_at, q.call_id`,
}
