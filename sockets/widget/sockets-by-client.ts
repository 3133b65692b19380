import type { CutOff, Holder, Speakers } from '../../server/auth/cut-offs.ts'
import type { WidgetNamespace } from './socket-types.ts'

/** How many sockets the visitors of each client have here. They are counted, not listed: idle ones cost nothing. */
export class SocketsByClient implements Holder {
  readonly #namespace: WidgetNamespace
  readonly #counts = new Map<string, number>()

  constructor(namespace: WidgetNamespace) {
    this.#namespace = namespace
  }

  enter(clientId: string): void {
    this.#counts.set(clientId, (this.#counts.get(clientId) ?? 0) + 1)
  }

  leave(clientId: string): void {
    const left = (this.#counts.get(clientId) ?? 1) - 1
    if (left === 0) this.#counts.delete(clientId)
    else this.#counts.set(clientId, left)
  }

  held(): Speakers {
    return { clients: this.#counts.keys() }
  }

  cut({ kind, id }: CutOff): void {
    if (kind !== 'client' || !this.#counts.has(id)) return
    for (const socket of this.#namespace.sockets.values())
      if (socket.data.session.client_id === id) socket.conn.close()
  }
}
