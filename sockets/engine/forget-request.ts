import type { Socket } from 'socket.io'

/** What Socket.IO and engine.io keep of the request that opened a connection, for nobody but their callers. */
interface KeptRequest {
  handshake: unknown
  conn: { request: unknown }
}

const NOTHING = Object.freeze({
  headers: Object.freeze({}),
  auth: Object.freeze({}),
  query: Object.freeze({}),
})

/**
 * Lets go of the request behind a connection once it has been read: its headers, address and auth are several KB that
 * would be held for as long as the visitor has the page open.
 */
export function forgetRequest(socket: Pick<Socket, 'handshake' | 'conn'>): void {
  const kept = socket as unknown as KeptRequest
  kept.handshake = NOTHING
  kept.conn.request = null
}
