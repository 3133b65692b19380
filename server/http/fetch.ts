/** What is known of a request besides the request: it reaches Hono as its environment (`c.env`). */
export interface Peer {
  /** The address at the other end of the TCP connection, as the engine spells it; a proxy's, behind one. */
  address: string
  /** Cuts the connection, whatever is still on its way: the only end for a reader that does not read. */
  hangUp: () => void
}

/**
 * Answers one HTTP request. Its `signal` aborts when the other side has gone away. Never called again for a
 * request; a rejection is a bug and becomes a bare 500.
 */
export type Fetch = (request: Request, peer: Peer) => Response | Promise<Response>
