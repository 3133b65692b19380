import type { ChatHandle, ChatReply } from '../../../protocol/chat.ts'
import type { ErrorCode } from '../../../protocol/errors.ts'
import type { AwaitedYes, GivenUp } from '../../conversation/answer-watch.ts'
import type { Answer } from '../../conversation/find-answers.ts'

/** What a message came to, as it is told at once. */
export function chatReply(handle: ChatHandle, answer: Answer | AwaitedYes): ChatReply {
  if ('confirming' in answer) {
    const { confirming } = answer
    return { ...handle, response: null, handled_by: 'assistant', tool_calls_made: 0, pending: { confirming } }
  }
  if (answer.message === undefined) {
    return { ...handle, response: null, handled_by: answer.by, tool_calls_made: 0 }
  }
  const { message, failure, toolCalls } = answer
  return {
    ...handle,
    response: message.content,
    handled_by: answer.by,
    tool_calls_made: toolCalls,
    message,
    ...(failure === undefined ? {} : { failure }),
  }
}

/** What a request says that did not wait to the end. Nobody hears it where who waited is gone. */
export const GIVEN_UP: Readonly<Record<GivenUp, ErrorCode>> = {
  timeout: 'answer_timeout',
  draining: 'draining',
  gone: 'unavailable',
  cut: 'client_unknown',
}
