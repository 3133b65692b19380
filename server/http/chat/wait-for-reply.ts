import { wireError } from '../../../protocol/errors.ts'
import { succeed } from '../../../protocol/result.ts'
import { answer, problem } from '../answer.ts'
import type { HttpContext, HttpParts } from '../http-env.ts'
import type { Chat } from './admit-chat.ts'
import { chatReply, GIVEN_UP } from './chat-reply.ts'

/** Receives the message and answers with what it came to, as one JSON object. */
export async function waitForReply(c: HttpContext, parts: HttpParts, chat: Chat): Promise<Response> {
  const { session, text, handle } = chat
  const { client_message_id } = handle
  const asked = { client_id: session.client_id, session_id: session.id, client_message_id }
  const awaited = parts.answers.begin({ ...asked, untilAsked: true }, parts.answerLimits.wait)
  const { signal } = c.req.raw
  const leave = (): void => awaited.giveUp('gone')
  signal.addEventListener('abort', leave)
  try {
    const received = await parts.conversations.receive(session, { client_message_id, text })
    if (!received.ok) return problem(c, received.error, handle)
    await awaited.look()
    const outcome = await awaited.outcome
    if (typeof outcome === 'string') return problem(c, wireError(GIVEN_UP[outcome]), handle)
    return answer(c, succeed(chatReply(handle, outcome)))
  } finally {
    signal.removeEventListener('abort', leave)
    leave()
  }
}
