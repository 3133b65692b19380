import type { Redis as Client } from 'ioredis'

/**
 * Gives a connection up for a new one, once: while the last words to a server that hangs are on their way, ioredis says
 * that the connection is ready.
 */
export function reconnect(connection: Client): void {
  if (connection.status === 'ready' && !connection.stream.writableEnded) connection.disconnect(true)
}
