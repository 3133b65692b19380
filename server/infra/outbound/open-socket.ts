import { isIPv6, type Socket } from 'node:net'
import { AddressRefused, guardedConnector, type Connecting } from './connector.ts'
import { readDestination, type Destination } from './destination.ts'

/** Where a tenant's server is that speaks something else than HTTP, as the tenant wrote it: anything. */
export interface ServerPlace {
  host: string
  port: number
}

/** `host` is the name that a certificate has to be for. `detail` is for the log. */
export type OpenedSocket =
  | { ok: true; socket: Socket; host: string }
  | { ok: false; fault: 'refused' | 'unreachable' | 'timeout'; detail: string }

/** Reads a host and a port in all forms that hosts of URLs have; null where it is none. */
export function readServerPlace({ host, port }: ServerPlace): Destination | null {
  if (isIPv6(host)) return readDestination(`http://[${host}]:${String(port)}`)
  return /^[^\s/?#@\\:[\]]+$/.test(host) ? readDestination(`http://${host}:${String(port)}`) : null
}

/** Opens a connection, on which nothing is said yet, within `timeout` milliseconds. Rejects with the signal's reason. */
export async function openSocket(
  way: Omit<Connecting, 'signal'>,
  { port, timeout }: { port: number; timeout: number },
  signal: AbortSignal,
): Promise<OpenedSocket> {
  const late = new AbortController()
  const timer = setTimeout(() => {
    late.abort(new Error('no connection in time'))
  }, timeout)
  try {
    const connect = guardedConnector({ ...way, signal: AbortSignal.any([signal, late.signal]) })
    const { host } = way.destination
    const socket = await new Promise<Socket>((resolve, reject) => {
      connect({ hostname: host, host, protocol: 'tcp:', port: String(port) }, (error, opened) => {
        if (error) reject(error)
        else resolve(opened)
      })
    })
    return { ok: true, socket, host }
  } catch (error) {
    signal.throwIfAborted()
    const { code, message } = error as NodeJS.ErrnoException
    const detail = code ?? message
    if (error instanceof AddressRefused) return { ok: false, fault: 'refused', detail }
    const isLate = late.signal.aborted || code === 'UND_ERR_CONNECT_TIMEOUT'
    return { ok: false, fault: isLate ? 'timeout' : 'unreachable', detail }
  } finally {
    clearTimeout(timer)
  }
}
