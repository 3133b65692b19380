import type { ServerOptions as EngineOptions } from 'engine.io'
import type { ServerOptions } from 'socket.io'
import { WIRE_LIMITS } from '../../protocol/limits.ts'

/** What one connection may cost the process, alike on both engines. */
export const ENGINE_LIMITS = {
  /** Bytes a connection may leave unread before it is closed; its client reconnects and syncs. */
  unreadBytes: 1024 * 1024,
  /** Bytes of one request's head. */
  headerBytes: 16 * 1024,
  /** Milliseconds for a request's head, for all of it, and between two requests of one connection. */
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 10_000,
  /** Milliseconds a raw connection may wait before it joins a namespace. */
  connectTimeout: 10_000,
  /** Milliseconds that a connection which is closed here has to agree to it. */
  closeTimeout: 1_000,
  /** Milliseconds between two pings, and for the pong. */
  pingInterval: 25_000,
  pingTimeout: 20_000,
} as const

/** Where Socket.IO is spoken. */
export const SOCKET_PATH = '/socket.io/'

/** For `new Server(...)`: it gets no HTTP server of its own, the engine is bound to it. */
export const SOCKET_SERVER_OPTIONS = {
  path: SOCKET_PATH,
  serveClient: false,
  connectTimeout: ENGINE_LIMITS.connectTimeout,
} as const satisfies Partial<ServerOptions>

/** For engine.io, whichever server it stands on. */
export const ENGINE_OPTIONS = {
  transports: ['websocket'],
  allowUpgrades: false,
  maxHttpBufferSize: WIRE_LIMITS.payload,
  perMessageDeflate: false,
  httpCompression: false,
  pingInterval: ENGINE_LIMITS.pingInterval,
  pingTimeout: ENGINE_LIMITS.pingTimeout,
} satisfies EngineOptions
