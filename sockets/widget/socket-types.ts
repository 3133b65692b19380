import type { DefaultEventsMap, Namespace, Socket } from 'socket.io'
import type { WidgetHandshake, WidgetEvents, WidgetRequestHandlers } from '../../protocol/widget.ts'
import type { VisitorSession } from '../../server/auth/visitor-session.ts'

/** What a connection keeps: filled by the handshake, before the namespace sees the socket. */
export interface WidgetSocketData {
  session: VisitorSession
  /** Told once, in `session:ready`. */
  newToken?: string
  /** What limits count by. */
  address: string
  cursor: Pick<WidgetHandshake, 'conversation_id' | 'last_seq' | 'reply'>
}

export type WidgetSocket = Socket<WidgetRequestHandlers, WidgetEvents, DefaultEventsMap, WidgetSocketData>
export type WidgetNamespace = Namespace<
  WidgetRequestHandlers,
  WidgetEvents,
  DefaultEventsMap,
  WidgetSocketData
>
