import type { CalledFor, CallPlace } from './executions.ts'
import type { Asked } from './client-calls.ts'

/**
 * What names a call wherever it comes from: `conversation.turn.step.place`. Turns are numbered within a conversation, so
 * without it two visitors' calls would be taken for one.
 */
export function keyOf({ owner, step, place }: CallPlace): string {
  return [owner.to.conversation_id, owner.turn, step, place].join('.')
}

/** What a workflow gets (docs/tools.md). Only `arguments` is the model's; nothing in it tells who the visitor is. */
export function bodyOf(
  { call, tool, at }: Pick<Asked, 'call' | 'tool' | 'at'>,
  { user_identifier, proven }: CalledFor,
): string {
  const { client_id, session_id, conversation_id } = at.owner.to
  return JSON.stringify({
    tool: call.name,
    arguments: call.arguments,
    config: tool.config,
    visitor: { user_id: user_identifier, verified: proven },
    ...{ client_id, conversation_id, session_id },
    idempotency_key: keyOf(at),
  })
}
