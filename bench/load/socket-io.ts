import { OTHER, READY, type Dialect, type Heard } from './dialect.ts'

/** What a contender on Socket.IO does with it. */
export interface SocketIoParts {
  /** '/' or '/name'. */
  namespace: string
  auth: Record<string, unknown>
  /** Whether the connection is ready for questions once it is joined; else an event says so. */
  readyWhenJoined: boolean
  event(name: string, args: unknown[]): Heard
  /** The event that asks, with what it says. An ack is asked for. */
  ask(text: string): [name: string, payload: unknown]
}

const ENGINE_OPEN = '0'
const ENGINE_PING = '2'
const ENGINE_PONG = '3'
const CONNECT = '40'
const EVENT = '42'
const ACK = '43'
const CONNECT_ERROR = '44'

/**
 * Engine.IO 4 with Socket.IO 5 inside, as far as a visitor needs it: the client library would cost more than the server
 * that is measured. https://socket.io/docs/v4/socket-io-protocol/
 */
export function speakSocketIo(parts: SocketIoParts): Dialect {
  const place = parts.namespace === '/' ? '' : `${parts.namespace},`
  const joining: Heard = { kind: 'reply', frame: `${CONNECT}${place}${JSON.stringify(parts.auth)}` }
  const pong: Heard = { kind: 'reply', frame: ENGINE_PONG }
  const body = EVENT.length + place.length
  return {
    path: '/socket.io/?EIO=4&transport=websocket',
    read(frame) {
      if (frame.startsWith(EVENT)) {
        const [name, ...args] = JSON.parse(frame.slice(body)) as [string, ...unknown[]]
        return parts.event(name, args)
      }
      if (frame === ENGINE_PING) return pong
      if (frame.startsWith(ENGINE_OPEN)) return joining
      if (frame.startsWith(CONNECT)) return parts.readyWhenJoined ? READY : OTHER
      if (frame.startsWith(ACK)) return refusedIn(frame)
      if (frame.startsWith(CONNECT_ERROR)) throw new Error(`Not let in: ${frame}`)
      return OTHER
    },
    ask: (text) => `${EVENT}${place}1${JSON.stringify(parts.ask(text))}`,
  }
}

function refusedIn(frame: string): Heard {
  if (frame.includes('"ok":false')) throw new Error(`Refused: ${frame}`)
  return OTHER
}
