import type { DefaultEventsMap, Namespace, Socket } from 'socket.io'
import type { WidgetEvents, WidgetRequestHandlers } from '../../protocol/widget.ts'
import type { VisitorSession } from '../../server/auth/visitor-session.ts'
import type { Greeting } from '../../server/conversation/visitor-listener.ts'
import type { Bucket } from '../../server/infra/rate-limit.ts'

/** What a connection keeps: filled by the handshake, before the namespace sees the socket. */
export interface WidgetSocketData {
  session: VisitorSession
  /** What has to be said once, in `session:ready`; forgotten then. */
  greeting?: Greeting
  bucket?: Bucket
  /** What limits count by. */
  address: string
}

export type WidgetSocket = Socket<WidgetRequestHandlers, WidgetEvents, DefaultEventsMap, WidgetSocketData>
export type WidgetNamespace = Namespace<
  WidgetRequestHandlers,
  WidgetEvents,
  DefaultEventsMap,
  WidgetSocketData
>
