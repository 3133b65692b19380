import { addressGroup } from '../../server/http/client-address.ts'
import { DatabaseUnavailable } from '../../server/infra/database.ts'
import { createAdmission, type Admit } from './handshake.ts'
import type { WidgetParts } from './index.ts'
import { RefusedHandshake } from './refusal.ts'
import type { WidgetNamespace, WidgetSocket } from './socket-types.ts'

/**
 * Lets visitors in, or answers CONNECT_ERROR with a code and closes the raw connection: one that was refused may not
 * stay and try on for free.
 */
export function guardEntrance(namespace: WidgetNamespace, parts: WidgetParts): void {
  const admit = createAdmission(parts)
  const knocked = new WeakSet<object>()
  namespace.use((socket, next) => {
    void enter(socket, parts, knocked, admit).then(
      () => next(),
      (error: unknown) => {
        next(asRefusal(error, parts))
        setImmediate(() => socket.conn.close())
      },
    )
  })
}

async function enter(
  socket: WidgetSocket,
  parts: WidgetParts,
  knocked: WeakSet<object>,
  admit: Admit,
): Promise<void> {
  if (parts.draining()) throw new RefusedHandshake('draining')
  // Socket.IO sees a second one only once the first is through: sent together, each would make a socket.
  if (knocked.has(socket.conn))
    throw new RefusedHandshake('invalid_payload', 'A connection has one handshake.')
  knocked.add(socket.conn)
  const address = addressGroup(parts.addressOf(socket))
  if (parts.occupancy) {
    const leave = parts.occupancy.enter(address)
    if (!leave) throw new RefusedHandshake('too_many_connections')
    socket.conn.once('close', leave)
  }
  const { headers, auth } = socket.handshake
  const knock = { auth, origin: headers.origin ?? null, host: headers.host ?? null, address }
  Object.assign(socket.data, await admit(knock))
}

function asRefusal(error: unknown, { log }: WidgetParts): RefusedHandshake {
  if (error instanceof RefusedHandshake) return error
  if (error instanceof DatabaseUnavailable) {
    log.debug({ reason: error.message }, 'a visitor could not be let in')
    return new RefusedHandshake('unavailable')
  }
  log.error({ err: error }, 'a visitor could not be let in')
  return new RefusedHandshake('internal')
}
