import { answer } from '../answer.ts'
import type { Handler, HttpParts } from '../http-env.ts'
import { authenticate } from '../speaker.ts'

/** Ends the session's conversation, if one is open. The session itself goes on. */
export function endSession(parts: HttpParts): Handler {
  return async (c) => {
    const session = await authenticate(c, parts)
    return answer(c, session.ok ? await parts.conversations.end(session.data) : session)
  }
}
