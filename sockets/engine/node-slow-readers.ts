import type { BaseServer, Socket } from 'engine.io'
import { ENGINE_LIMITS } from './limits.ts'

/** What ws adds to engine.io's transport, as far as it is touched here. */
interface WithWebSocket {
  socket?: { bufferedAmount: number; terminate(): void }
}

/**
 * Closes a connection that leaves too much unread, as the other engine does: engine.io and ws would keep every
 * message for it without any bound. What the client has got is everything up to some point; it reconnects and syncs.
 */
export function closeSlowReaders(engine: BaseServer): void {
  engine.on('connection', (connection: Socket) => {
    let waiting = 0
    connection.on('packetCreate', (packet: { data?: string | Buffer }) => {
      const { socket } = connection.transport as WithWebSocket
      // What was left unread before counts: one packet alone, such as a long transcript, may be larger.
      if (socket !== undefined && waiting + socket.bufferedAmount > ENGINE_LIMITS.unreadBytes) {
        waiting = 0
        setImmediate(() => socket.terminate())
      }
      waiting += packet.data === undefined ? 1 : Buffer.byteLength(packet.data)
    })
    connection.on('flush', () => (waiting = 0))
  })
}
