import { refuse, succeed, type Result } from '../../protocol/result.ts'
import type { ToolAnswer } from '../../protocol/widget.ts'
import type { VisitorSession } from '../auth/visitor-session.ts'
import { decideQuestion } from '../tools/turn/confirm/decide.ts'
import type { ConversationContext } from './context.ts'

/**
 * Takes a visitor's yes or no to a call that waits for it, on any node; durable before it resolves. The first answer
 * holds. Refuses with `not_found`, and with `confirmation_closed` where it is too late, or the opposite holds.
 */
export async function answerQuestion(
  { database, publisher, questions }: ConversationContext,
  session: VisitorSession,
  answer: ToolAnswer,
): Promise<Result<{ approved: boolean }>> {
  const { call_id, approved } = answer
  const answered = await decideQuestion(database, session.id, answer)
  switch (answered.state) {
    case 'unknown':
      return refuse('not_found')
    case 'late':
      return refuse('confirmation_closed')
    case 'contended':
      return refuse('unavailable')
    case 'decided': {
      const { conversation_id, turn, how } = answered
      const to = { client_id: session.client_id, session_id: session.id, conversation_id }
      // Again also where it held before: who told it first may have died over it.
      publisher.publish(to, 'tool:confirmed', { turn, call_id, approved, how })
      questions.wake(conversation_id)
      return succeed({ approved })
    }
  }
}
