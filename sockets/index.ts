import { Server } from 'socket.io'
import { RATES } from '../protocol/limits.ts'
import { WIDGET_NAMESPACE } from '../protocol/widget.ts'
import type { ClientDirectory } from '../server/auth/client-directory.ts'
import type { Config } from '../server/config/config.ts'
import type { Conversations } from '../server/conversation/conversations.ts'
import type { CutOffs } from '../server/auth/cut-offs.ts'
import type { Identities } from '../server/auth/identity/identities.ts'
import type { VisitorHandoffs } from '../server/conversation/visitor-handoffs.ts'
import type { ClientAddress } from '../server/http/client-address.ts'
import type { Database } from '../server/infra/database.ts'
import type { Logger } from '../server/infra/logger.ts'
import { createOccupancy, type RateLimits } from '../server/infra/rate-limit.ts'
import type { CompileSchema } from '../server/infra/validate.ts'
import type { Engine } from './engine/engine.ts'
import { SOCKET_SERVER_OPTIONS } from './engine/limits.ts'
import type { FanOut } from './fanout.ts'
import { serveWidget } from './widget/index.ts'
import type { WidgetNamespace } from './widget/socket-types.ts'

export interface SocketParts {
  config: Config
  database: Database
  directory: ClientDirectory
  clientAddress: ClientAddress
  compile: CompileSchema
  conversations: Conversations
  handoffs: VisitorHandoffs
  engine: Engine
  fanout: FanOut
  identities: Identities
  limits: RateLimits
  log: Logger
  draining: () => boolean
}

export interface Sockets {
  /** Visitors' sockets that are open here. */
  count(): number
  /** Sends every visitor away, to come again, spread over `spreadMs`. */
  drain(spreadMs: number): void
  close(): Promise<void>
}

/** Socket.IO on the engine, with its namespaces. */
export function serveSockets(parts: SocketParts): Sockets {
  const { config, engine, clientAddress } = parts
  const io = new Server(SOCKET_SERVER_OPTIONS)
  engine.attach(io)
  refuseRoot(io)

  const widget = io.of(WIDGET_NAMESPACE) as WidgetNamespace
  serveWidget(widget, {
    ...parts,
    publicUrl: config.http.publicUrl,
    rateLimits: config.rateLimits,
    occupancy: config.rateLimits ? createOccupancy(RATES.addressSockets) : null,
    addressOf: ({ handshake }) =>
      clientAddress(handshake.address, handshake.headers['x-forwarded-for']?.toString()),
  })

  return {
    count: () => widget.sockets.size,
    drain(spreadMs) {
      for (const socket of widget.sockets.values()) {
        const reconnect_in_ms = Math.round(Math.random() * spreadMs)
        socket.emit('server:draining', { reconnect_in_ms })
      }
    },
    close: () => io.close(),
  }
}

/** The namespace that Socket.IO always has serves nobody here. */
function refuseRoot(io: Server): void {
  io.use((socket, next) => {
    next(new Error('There is nothing here.'))
    setImmediate(() => socket.conn.close())
  })
}
