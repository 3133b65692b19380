import type { DecidedBy } from '../../../../models/tool-confirmation.ts'
import type { CallPlace } from '../executions.ts'

/** What a visitor is asked before a call is made. */
export interface Question {
  at: CallPlace
  tool: string
  /** What the visitor reads of it. */
  label: string
  /** Exactly what the call would be made with. */
  arguments: Record<string, unknown>
}

/** What a question came to; the first decision holds. */
export interface Decision {
  approved: boolean
  how: DecidedBy
}

/**
 * What names a call wherever it comes from: `conversation.turn.step.place`. Turns are numbered within a conversation, so
 * without it two visitors' calls would be taken for one.
 */
export function callId({ owner, step, place }: CallPlace): string {
  return [owner.to.conversation_id, owner.turn, step, place].join('.')
}
