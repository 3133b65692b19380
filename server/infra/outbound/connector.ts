import type { Socket } from 'node:net'
import { buildConnector } from 'undici'
import type { Destination } from './destination.ts'
import { isPublicAddress } from './public-address.ts'
import type { ResolveName } from './resolve-name.ts'

/** Nobody may be connected with this address. Nothing was sent, or even opened, but for what a lying system opened. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused'
}

/** Milliseconds for one connection to stand, TLS included. */
const CONNECT_MS = 5_000

/** Addresses of one name that are tried, one after the other. */
const MOST_TRIED = 3

type Opened = Parameters<OpenConnection>[0]

/** How connections are made: with whom, and how long. */
export interface Connecting {
  destination: Destination
  /** Whether it may be private. */
  mayBePrivate: boolean
  resolve: ResolveName
  open: OpenConnection
  signal: AbortSignal
}

/** Connects with an address, as undici does. */
export type OpenConnection = buildConnector.connector

export function createOpenConnection(): OpenConnection {
  return buildConnector({ timeout: CONNECT_MS, maxCachedSessions: 0 })
}

/**
 * Opens connections for an undici client. A name is resolved once, all of its addresses are judged, and one of those is
 * connected with: an answer that changes changes nothing. undici asks no `lookup` about what is an address already, so
 * the judgement is made here, and once more about whom the system says it has connected with.
 */
export function guardedConnector(connecting: Connecting): OpenConnection {
  return (options, callback) => {
    connect(options, connecting).then(
      (socket) => {
        callback(null, socket)
      },
      (error: unknown) => {
        callback(error instanceof Error ? error : new Error(String(error)), null)
      },
    )
  }
}

async function connect(options: Opened, connecting: Connecting): Promise<Socket> {
  const { destination, mayBePrivate, resolve, open, signal } = connecting
  const { host, isAddress } = destination
  const addresses = isAddress ? [host] : await resolve(host, signal)
  const judge = (address: string) => {
    if (!mayBePrivate && !isPublicAddress(address)) throw new AddressRefused('it is no public address')
  }
  addresses.forEach(judge)
  let fault = new Error('the name has no address')
  for (const hostname of addresses.slice(0, MOST_TRIED)) {
    signal.throwIfAborted()
    try {
      const socket = await openOne(open, { ...options, hostname }, signal)
      try {
        judge(socket.remoteAddress ?? '')
        return socket
      } catch (error) {
        socket.destroy()
        throw error
      }
    } catch (error) {
      if (error instanceof AddressRefused) throw error
      fault = error as Error
    }
  }
  throw fault
}

/** What undici types as nothing is the socket that it is about to connect. */
type ReturningSocket = (...given: Parameters<OpenConnection>) => Socket | undefined

function openOne(open: OpenConnection, options: Opened, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const pending = (open as ReturningSocket)(options, (error, socket) => {
      signal.removeEventListener('abort', giveUp)
      if (error) reject(error)
      else resolve(socket)
    })
    const giveUp = () => {
      pending?.destroy()
      reject(signal.reason as Error)
    }
    signal.addEventListener('abort', giveUp, { once: true })
  })
}
