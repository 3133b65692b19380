import type { ConnectionPorts } from './connection.ts'
import type { Way } from './line.ts'
import { RestLine } from './rest-line.ts'
import { SocketLine } from './socket-line.ts'

const KEPT_AS = 'parlor:way'

/** Lines to our own origin; which way worked is remembered for as long as the tab, where it may be. */
export function lines(): Pick<ConnectionPorts, 'openLine' | 'way'> {
  return {
    openLine: (way, ports) =>
      way === 'socket'
        ? new SocketLine(openSocket(), ports)
        : new RestLine((path, init) => fetch(path, init), ports, way === 'poll'),
    way: {
      get: () => (attempt(() => sessionStorage.getItem(KEPT_AS)) ?? 'socket') as Way,
      set: (way) => attempt(() => sessionStorage.setItem(KEPT_AS, way)),
    },
  }
}

/** Socket.IO's own address; WebSocket is the only transport of it spoken here. */
function openSocket(): WebSocket {
  return new WebSocket(`${location.origin.replace(/^http/, 'ws')}/socket.io/?EIO=4&transport=websocket`)
}

/** Storage throws in frames of other sites. */
function attempt<T>(use: () => T): T | undefined {
  try {
    return use()
  } catch {
    return undefined
  }
}
