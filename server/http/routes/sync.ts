import type { SessionReady } from '../../../protocol/widget.ts'
import { refuse, succeed } from '../../../protocol/result.ts'
import { VisitorListener } from '../../conversation/visitor-listener.ts'
import { forSession, type Endpoint } from '../endpoint.ts'
import type { HttpParts } from '../http-env.ts'
import { readCursor } from '../streams/event-id.ts'

/** What the visitor's copy lacks, told once. */
export function sync(parts: HttpParts): Endpoint<'GET /api/v1/sessions/:session_id/sync'> {
  return forSession(parts, async (session, { query }, c) => {
    const cursor = readCursor(c, query)
    if (!cursor.ok) return cursor
    const visitor = new PassingVisitor()
    await visitor.introduce(parts, session, { cursor: cursor.data })
    return visitor.state === null ? refuse('unavailable') : succeed(visitor.state)
  })
}

/** Is told where it stands, and is gone before anything happens. */
class PassingVisitor extends VisitorListener {
  state: SessionReady | null = null

  protected ready(state: SessionReady): void {
    this.state = state
  }

  protected emit(): void {
    return
  }

  protected cut(): void {
    return
  }
}
