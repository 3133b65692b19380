import type { VisitorSession } from '../../auth/visitor-session.ts'
import type { TranscriptCursor } from '../../conversation/conversations.ts'
import { answer, fail } from '../answer.ts'
import type { Endpoint } from '../endpoint.ts'
import type { HttpContext, HttpParts } from '../http-env.ts'
import { authenticate } from '../speaker.ts'
import { readCursor } from '../streams/event-id.ts'
import { streamed } from '../streams/open-streams.ts'
import { VisitorStream } from '../streams/visitor-stream.ts'

/** Everything that the visitor is told, from where its copy ends, for as long as it listens. */
export function events(parts: HttpParts): Endpoint<'GET /api/v1/sessions/:session_id/events'> {
  return async (c, read) => {
    if (parts.draining()) return fail(c, 'draining')
    const session = await authenticate(c, parts)
    if (!session.ok) return answer(c, session)
    const input = await read()
    if (!input.ok) return answer(c, input)
    const cursor = readCursor(c, input.data.query)
    if (!cursor.ok) return answer(c, cursor)
    // Nobody would read, or end, what HEAD began.
    if (c.req.method === 'HEAD') return streamed(c, null)
    return listen(c, parts, { session: session.data, cursor: cursor.data })
  }
}

async function listen(
  c: HttpContext,
  parts: HttpParts,
  { session, cursor }: { session: VisitorSession; cursor: TranscriptCursor },
): Promise<Response> {
  const { conversations, listeners, streams } = parts
  const opened = streams.open(c, { client_id: session.client_id })
  if (!opened.ok) return answer(c, opened)
  const stream = opened.data
  const visitor = new VisitorStream(stream, cursor)
  listeners.join(session.id, visitor)
  void stream.closed.then(() => {
    if (listeners.leave(session.id, visitor)) conversations.setTyping(session, false)
  })
  try {
    await visitor.introduce(parts, session, { cursor })
  } catch (error) {
    stream.end()
    throw error
  }
  return streamed(c, stream.body)
}
