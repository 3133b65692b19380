import type { Logger } from 'pino'
import type { Server } from 'socket.io'
import type { Fetch } from '../../server/http/fetch.ts'
import { StartError } from '../../server/infra/start-error.ts'
import { loadUws, type LoadedUws } from './load-uws.ts'
import { createNodeEngine } from './node-engine.ts'
import { createUwsEngine } from './uws-engine.ts'

export type EngineKind = 'uws' | 'node'

/** One port that speaks HTTP and Socket.IO. Attach and serve first, then listen, once. */
export interface Engine {
  readonly kind: EngineKind
  /** Why `auto` came to `node`. */
  readonly fallbackReason?: string
  /** Lets this Socket.IO server speak here. `io.close()` closes its connections, never the port. */
  attach(io: Server): void
  /** Answers all other requests. */
  serve(fetch: Fetch): void
  /**
   * Port 0 takes a free one. Rejects as node:net does, with a `code` (EADDRINUSE, EACCES, EADDRNOTAVAIL, ...).
   */
  listen(host: string, port: number): Promise<{ port: number }>
  /** Accepts no further connections; those that are open go on. */
  stopListening(): void
  /** Releases the port and cuts whatever is still open. */
  close(): Promise<void>
}

/**
 * The engine asked for. `auto` is uWebSockets.js where it loads, else node:http with ws, saying so; `uws` throws
 * `StartError` where it does not load.
 */
export function createEngine(wanted: {
  kind: 'auto' | EngineKind
  log: Logger
  /** Other processes of ours listen on the same port. */
  sharesPort?: boolean
  load?: () => LoadedUws
}): Engine {
  const { kind, log, sharesPort = false, load = loadUws } = wanted
  if (kind === 'node') return createNodeEngine({ log })
  const loaded = load()
  if (loaded.ok) return createUwsEngine({ uws: loaded.uws, log, sharesPort })
  if (kind === 'uws') {
    const hint = 'Set SOCKET_ENGINE=auto, or install a build for this Node and system.'
    throw new StartError(`uWebSockets.js cannot be loaded: ${loaded.reason}.`, hint)
  }
  log.warn({ reason: loaded.reason }, 'uWebSockets.js cannot be loaded; serving with node:http and ws')
  return createNodeEngine({ log, fallbackReason: loaded.reason })
}
