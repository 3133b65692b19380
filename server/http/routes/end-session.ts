import { forSession, type Endpoint } from '../endpoint.ts'
import type { HttpParts } from '../http-env.ts'

/** Ends the session's conversation, if one is open. The session itself goes on. */
export function endSession(parts: HttpParts): Endpoint<'DELETE /api/v1/sessions/:session_id/end'> {
  return forSession(parts, (session) => parts.conversations.end(session))
}
