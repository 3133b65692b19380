import type { Socket } from 'socket.io'
import { DatabaseUnavailable } from '../server/infra/database.ts'
import type { Logger } from '../server/infra/logger.ts'
import { RefusedHandshake } from './refusal.ts'

export interface Gate<S> {
  draining: () => boolean
  log: Logger
  /** Rejects with `RefusedHandshake`, or with `DatabaseUnavailable`, where the socket may not come in. */
  enter: (socket: S) => Promise<void>
}

/** A namespace, as far as its entrance goes. */
interface Entered<S> {
  use(middleware: (socket: S, next: (refusal?: Error) => void) => void): unknown
}

/**
 * Lets sockets in, or answers CONNECT_ERROR with a code and closes the raw connection: one that was refused may not
 * stay and try on for free.
 */
export function guardEntrance<S extends Pick<Socket, 'conn'>>(namespace: Entered<S>, gate: Gate<S>): void {
  const knocked = new WeakSet<object>()
  namespace.use((socket, next) => {
    void enter(socket, gate, knocked).then(
      () => next(),
      (error: unknown) => {
        next(asRefusal(error, gate.log))
        setImmediate(() => socket.conn.close())
      },
    )
  })
}

async function enter<S extends Pick<Socket, 'conn'>>(
  socket: S,
  gate: Gate<S>,
  knocked: WeakSet<object>,
): Promise<void> {
  if (gate.draining()) throw new RefusedHandshake('draining')
  // Socket.IO sees a second one only once the first is through: sent together, each would make a socket.
  if (knocked.has(socket.conn))
    throw new RefusedHandshake('invalid_payload', 'A connection has one handshake.')
  knocked.add(socket.conn)
  await gate.enter(socket)
}

function asRefusal(error: unknown, log: Logger): RefusedHandshake {
  if (error instanceof RefusedHandshake) return error
  if (error instanceof DatabaseUnavailable) {
    log.debug({ reason: error.message }, 'somebody could not be let in')
    return new RefusedHandshake('unavailable')
  }
  log.error({ err: error }, 'somebody could not be let in')
  return new RefusedHandshake('internal')
}
