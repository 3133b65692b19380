import type { TemplatedApp, WebSocket, WebSocketBehavior } from 'uWebSockets.js'
import { ENGINE_LIMITS } from './limits.ts'

/** What engine.io keeps with each connection, as far as it is touched here. */
interface Held {
  transport: { socket: Pick<WebSocket<Held>, 'send' | 'end'> }
}

/** What engine.io asks of an application: to route its WebSocket, and plain requests to the same path. */
interface SocketRoutes {
  any(path: string, handler: unknown): SocketRoutes
  ws(path: string, behavior: WebSocketBehavior<Held>): SocketRoutes
}

/**
 * The application as engine.io gets to see it. engine.io ignores what `send` returns, so a reader that stalls would
 * lose messages silently. Here it is closed at the first one that did not fit: what it has got is everything up to
 * that point, and it reconnects and syncs. Plain requests are left to the HTTP routes; polling is not spoken.
 */
export function closeSlowReaders(app: TemplatedApp): SocketRoutes {
  const routes: SocketRoutes = {
    any: () => routes,
    ws(path, behavior) {
      app.ws<Held>(path, {
        ...behavior,
        maxBackpressure: ENGINE_LIMITS.unreadBytes,
        dropped: closeSoon,
      })
      return routes
    },
  }
  return routes
}

/** `dropped` is called from inside `send`, where the connection must not go away yet. */
function closeSoon(connection: WebSocket<Held>): void {
  const { transport } = connection.getUserData()
  // Until it is closed nothing more may be sent, or the buffer could drain meanwhile and leave a hole.
  transport.socket = { send: () => 2, end: () => connection.close() }
  setImmediate(() => {
    try {
      connection.close()
    } catch {
      // It was closed by the other side in between; uWebSockets.js throws on any later use.
    }
  })
}
