import { succeed } from '../../../protocol/result.ts'
import { forSession, type Endpoint } from '../endpoint.ts'
import type { HttpParts } from '../http-env.ts'

/** A page of the session's messages, where sockets are blocked. */
export function history(parts: HttpParts): Endpoint<'GET /api/v1/sessions/:session_id/history'> {
  return forSession(parts, async (session, { query }) =>
    succeed(await parts.conversations.history(session, query)),
  )
}
