import type { Database } from '../../infra/database.ts'
import { askQuestion } from '../../tools/turn/confirm/ask.ts'
import { lookAtQuestions } from '../../tools/turn/confirm/look.ts'
import { callId, type Decision, type Question } from '../../tools/turn/confirm/question.ts'
import type { QuestionWatch } from '../../tools/turn/confirm/question-watch.ts'
import { presentQuestion } from '../../tools/turn/confirm/waiting.ts'
import type { TurnLimits } from '../limits.ts'
import type { Publisher } from '../publisher.ts'

export interface AskingVisitors {
  database: Database
  publisher: Publisher
  questions: QuestionWatch
  limits: Pick<TurnLimits, 'confirm'>
}

/**
 * Asks the visitor before a call, and waits for what is decided, wherever it is. An attempt of the turn before may have
 * asked already: then the question is the same, expires when it would have, and may be decided. Null: the call was begun
 * before, or may not be made any more.
 */
export async function askVisitor(
  { database, publisher, questions, limits }: AskingVisitors,
  question: Question,
  signal: AbortSignal,
): Promise<Decision | null> {
  const asked = await askQuestion(database, question, limits.confirm)
  if (asked.state !== 'waiting') return null
  const { to, turn } = question.at.owner
  const call_id = callId(question.at)
  const known = (await lookAtQuestions(database, [call_id])).get(call_id)
  if (!known) publisher.publish(to, 'tool:confirm', presentQuestion({ turn, call_id, ...asked }))
  const { conversation_id } = to
  const decision = known ?? (await questions.decided({ call_id, conversation_id }, signal))
  // A visitor's own answer is told by who took it.
  if (decision.how !== 'visitor') publisher.publish(to, 'tool:confirmed', { turn, call_id, ...decision })
  return decision
}
