import { isIP } from 'node:net'

/** Where a request is to go, as every part of it is understood by whoever connects. */
export interface Destination {
  origin: string
  /** With the query. */
  path: string
  /** A name, or an address without brackets. */
  host: string
  isAddress: boolean
  /** As an operator allows it: `n8n.internal:5678`, `[::1]:5678`. */
  hostAndPort: string
}

const PORTS: Record<string, number> = { 'http:': 80, 'https:': 443 }

/** Reads a URL that a tenant supplies; null unless it is http or https, without a user or password in it. */
export function readDestination(text: string): Destination | null {
  if (!URL.canParse(text)) return null
  const { protocol, origin, hostname, port, pathname, search, username, password } = new URL(text)
  const usual = PORTS[protocol]
  if (usual === undefined || username !== '' || password !== '') return null
  const host = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname
  return {
    ...{ origin, path: pathname + search, host, isAddress: isIP(host) !== 0 },
    hostAndPort: `${hostname}:${port === '' ? usual : port}`,
  }
}

/** A pair of host and port in the form of `Destination.hostAndPort`; null when it is none. */
export function readHostAndPort(text: string): string | null {
  if (!/^[\w.:[\]-]+:\d{1,5}$/.test(text)) return null
  return readDestination(`http://${text}`)?.hostAndPort ?? null
}
