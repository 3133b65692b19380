import type { BaseServer, Socket } from 'engine.io'
import { ENGINE_LIMITS } from './limits.ts'

/** What ws adds to engine.io's transport, as far as it is touched here. */
interface WithWebSocket {
  socket: { once(event: 'close', listener: () => void): unknown; terminate(): void }
}

/**
 * Cuts a connection that was closed and does not agree to it: ws would hold it for another 30 s, in which it counts
 * for nobody any more.
 */
export function endClosedConnections(engine: BaseServer): void {
  engine.on('connection', (connection: Socket) => {
    const { socket } = connection.transport as unknown as WithWebSocket
    connection.once('close', () => {
      const timer = setTimeout(() => socket.terminate(), ENGINE_LIMITS.closeTimeout)
      socket.once('close', () => clearTimeout(timer))
    })
  })
}
