import { addressGroup } from '../../server/http/client-address.ts'
import { RefusedHandshake } from '../refusal.ts'
import type { Admit } from './handshake.ts'
import type { WidgetParts } from './index.ts'
import type { WidgetSocket } from './socket-types.ts'

/** Finds out who a socket is, within what its address may hold. */
export async function enter(
  socket: WidgetSocket,
  parts: Pick<WidgetParts, 'addressOf' | 'occupancy'>,
  admit: Admit,
): Promise<void> {
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
