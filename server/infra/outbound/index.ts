import { Client } from 'undici'
import {
  AddressRefused,
  createOpenConnection,
  guardedConnector,
  type Connecting,
  type OpenConnection,
} from './connector.ts'
import { readDestination, type Destination } from './destination.ts'
import { exchange, TooLarge, type Exchanged } from './exchange.ts'
import { openSocket, readServerPlace, type OpenedSocket, type ServerPlace } from './open-socket.ts'
import { askNameServers, askThisMachine, type ResolveName } from './resolve-name.ts'

export type { ServerPlace }

export interface OutboundRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** As a tenant wrote it: anything. */
  url: string
  headers: Record<string, string>
  body: string | null
  /** Milliseconds for all of it: names, connection, answer. */
  timeout: number
  /** Bytes of the answer's body that are taken. */
  mostBytes: number
  /**
   * Hears each piece of the body as it comes, and never throws. True: what came is the answer; its end is not waited
   * for, and the connection is closed.
   */
  isEnough?: (piece: Buffer, head: Pick<Exchanged, 'status' | 'headers'>) => boolean
}

/**
 * Why there is no answer. `refused`: the address is none that may be reached; `redirected`: it sent us elsewhere, where
 * we do not go; `broken`: the connection ended in the middle.
 */
export type OutboundFault = 'refused' | 'unreachable' | 'timeout' | 'redirected' | 'too_large' | 'broken'

/** `sent`: the other side may have read the request, so it may have had an effect. `detail` is for the log. */
export type OutboundAnswer =
  ({ ok: true } & Exchanged) | { ok: false; fault: OutboundFault; sent: boolean; detail: string }

/** Requests to addresses that tenants supply. */
export interface Outbound {
  /** Asks once. Whatever status an answer has but a redirect's, it is an answer. Rejects with the signal's reason. */
  send(request: OutboundRequest, signal: AbortSignal): Promise<OutboundAnswer>
  /**
   * Opens a connection with a server that does not speak HTTP, within `timeout` milliseconds. Nothing is said on it, and
   * whoever asked for it ends it. Rejects with the signal's reason.
   */
  connect(place: ServerPlace, timeout: number, signal: AbortSignal): Promise<OpenedSocket>
}

/** What it is made of; how names are resolved and connections made can be given. */
export interface OutboundParts {
  /** Pairs of host and port that may be private: the operator's. */
  allow: readonly string[]
  /** Those of them that this process answers itself: on which port of its loopback. */
  inside?: ReadonlyMap<string, number>
  resolve?: ResolveName
  open?: OpenConnection
}

/**
 * Reaches the public internet, and what the operator allows beside it. Each request has a connection of its own: so
 * whether something was sent is known, and no tenant holds connections open. Runs nothing between requests.
 */
export function createOutbound(parts: OutboundParts): Outbound {
  const { allow, inside, resolve, open = createOpenConnection() } = parts
  const allowed = new Set(allow)
  return {
    async send(request, signal) {
      signal.throwIfAborted()
      const destination = readDestination(request.url)
      if (!destination) return refused('it is no http or https address without a user in it')
      const way = wayTo(destination)
      const port = way.mayBePrivate ? inside?.get(destination.hostAndPort) : undefined
      return sendWithin(request, port === undefined ? way : wayInside(way, port), signal)
    },

    async connect(place, timeout, signal) {
      signal.throwIfAborted()
      const destination = readServerPlace(place)
      if (!destination) return { ok: false, fault: 'refused', detail: 'it is no host and port' }
      return openSocket(wayTo(destination), { port: place.port, timeout }, signal)
    },
  }

  function wayTo(destination: Destination): Way {
    const mayBePrivate = allowed.has(destination.hostAndPort)
    const resolveName = resolve ?? (mayBePrivate ? askThisMachine : askNameServers)
    return { destination, mayBePrivate, open, resolve: resolveName }
  }
}

type Way = Omit<Connecting, 'signal'>

function wayInside(way: Way, port: number): Way {
  const host = '127.0.0.1'
  const origin = `http://${host}:${String(port)}`
  return { ...way, destination: { ...way.destination, origin, host, isAddress: true } }
}

async function sendWithin(request: OutboundRequest, way: Way, signal: AbortSignal): Promise<OutboundAnswer> {
  const late = new AbortController()
  const timer = setTimeout(() => {
    late.abort(new Error('no answer in time'))
  }, request.timeout)
  const either = AbortSignal.any([signal, late.signal])
  const client = new Client(way.destination.origin, {
    connect: guardedConnector({ ...way, signal: either }),
    pipelining: 0,
    headersTimeout: 0,
    bodyTimeout: 0,
  })
  const progress = { sent: false }
  try {
    const answer = await exchange(
      client,
      { ...request, path: way.destination.path },
      { progress, signal: either },
    )
    const redirects = answer.status >= 300 && answer.status < 400
    if (redirects) return failed('redirected', true, `status ${String(answer.status)}`)
    return { ok: true, ...answer }
  } catch (error) {
    signal.throwIfAborted()
    return faultOf(error, { sent: progress.sent, late: late.signal.aborted })
  } finally {
    clearTimeout(timer)
    await client.destroy()
  }
}

function faultOf(error: unknown, { sent, late }: { sent: boolean; late: boolean }): OutboundAnswer {
  if (error instanceof AddressRefused) return refused(error.message)
  if (error instanceof TooLarge) return failed('too_large', true, error.message)
  if (late) return failed('timeout', sent, 'no answer in time')
  const { code, message } = error as NodeJS.ErrnoException
  return failed(sent ? 'broken' : 'unreachable', sent, code ?? message)
}

function refused(detail: string): OutboundAnswer {
  return failed('refused', false, detail)
}

function failed(fault: OutboundFault, sent: boolean, detail: string): OutboundAnswer {
  return { ok: false, fault, sent, detail }
}
