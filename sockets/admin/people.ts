import type { CutReason } from '../../protocol/admin.ts'
import type { CutOff, Holder, Speakers } from '../../server/auth/cut-offs.ts'
import type { AdminNamespace, AdminSocket } from './socket-types.ts'

/** The people of the business who are connected here. */
export class People implements Holder {
  readonly #namespace: AdminNamespace

  constructor(namespace: AdminNamespace) {
    this.#namespace = namespace
  }

  held(): Required<Speakers> {
    const all = [...this.#namespace.sockets.values()].map(({ data }) => data.access)
    return {
      clients: new Set(all.flatMap(({ client_id }) => client_id ?? [])),
      admins: new Set(all.map(({ admin_id }) => admin_id)),
      families: new Set(all.map(({ family }) => family)),
    }
  }

  cut({ kind, id }: CutOff): void {
    for (const socket of this.#namespace.sockets.values()) {
      const { client_id, admin_id, family } = socket.data.access
      if ({ client: client_id, admin: admin_id, family }[kind] === id) endSession(socket, 'revoked')
    }
  }
}

/** Says so, and cuts the connection. */
export function endSession(socket: AdminSocket, reason: CutReason): void {
  socket.emit('session:ended', { reason })
  socket.conn.close()
}
