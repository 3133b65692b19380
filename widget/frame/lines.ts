import type { ConnectionPorts } from './connection.ts'
import { LaterLine } from './later-line.ts'
import type { Line, LinePorts, Way } from './line.ts'
import { SocketLine } from './socket-line.ts'

const KEPT_AS = 'parlor:way'

/** Lines to our own origin; which way worked is remembered for as long as the tab, where it may be. */
export function lines(): Pick<ConnectionPorts, 'openLine' | 'way'> {
  return {
    openLine: (way, ports) =>
      way === 'socket' ? new SocketLine(openSocket(), ports) : new LaterLine(restLine(way === 'poll'), ports),
    way: {
      get: () => (attempt(() => sessionStorage.getItem(KEPT_AS)) ?? 'socket') as Way,
      set: (way) => attempt(() => sessionStorage.setItem(KEPT_AS, way)),
    },
  }
}

/** What opens a line without a socket. */
async function restLine(isPolling: boolean): Promise<(ports: LinePorts) => Line> {
  const { RestLine } = await import('./rest-line.ts')
  return (ports) => new RestLine((path, init) => fetch(path, init), ports, isPolling)
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
