import { Server } from 'socket.io'
import { ADMIN_NAMESPACE } from '../protocol/admin.ts'
import { RATES } from '../protocol/limits.ts'
import { WIDGET_NAMESPACE } from '../protocol/widget.ts'
import type { AccessTokens } from '../server/auth/admins/access-tokens.ts'
import type { ClientDirectory } from '../server/auth/client-directory.ts'
import type { CutOffs } from '../server/auth/cut-offs.ts'
import type { Identities } from '../server/auth/identity/identities.ts'
import type { Config } from '../server/config/config.ts'
import type { AgentConversations } from '../server/conversation/agent-conversations.ts'
import type { Conversations } from '../server/conversation/conversations.ts'
import type { VisitorHandoffs } from '../server/conversation/visitor-handoffs.ts'
import type { ClientAddress } from '../server/http/client-address.ts'
import type { Database } from '../server/infra/database.ts'
import type { Logger } from '../server/infra/logger.ts'
import { createOccupancy, type RateLimits } from '../server/infra/rate-limit.ts'
import type { Redis } from '../server/infra/redis/redis.ts'
import type { CompileSchema } from '../server/infra/validate.ts'
import { openAdmin } from './admin/open-admin.ts'
import type { AdminNamespace } from './admin/socket-types.ts'
import type { Engine } from './engine/engine.ts'
import { SOCKET_SERVER_OPTIONS } from './engine/limits.ts'
import type { FanOut } from './fanout.ts'
import { serveWidget } from './widget/index.ts'
import type { WidgetNamespace } from './widget/socket-types.ts'

export interface SocketParts {
  config: Config
  database: Database
  directory: ClientDirectory
  identities: Identities
  clientAddress: ClientAddress
  compile: CompileSchema
  conversations: Conversations
  agents: AgentConversations
  tokens: AccessTokens
  cutOffs: CutOffs
  handoffs: VisitorHandoffs
  engine: Engine
  fanout: FanOut
  /** How other nodes are reached; none where this one is alone. */
  nodes?: Pick<Redis, 'bus' | 'presence'>
  limits: RateLimits
  log: Logger
  draining: () => boolean
}

export interface Sockets {
  /** Visitors' sockets that are open here. */
  count(): number
  /** Ids of the people of the business who are connected here and may speak with visitors. */
  present(): string[]
  /** Sends everybody away, to come again, spread over `spreadMs`. */
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

  const people = io.of(ADMIN_NAMESPACE) as AdminNamespace
  const admin = openAdmin(people, {
    ...parts,
    publicUrl: config.http.publicUrl,
    rateLimits: config.rateLimits,
    people: config.rateLimits ? createOccupancy(RATES.adminSockets) : null,
  })

  return {
    count: () => widget.sockets.size,
    present: () => admin.present(),
    drain(spreadMs) {
      const word = () => ({ reconnect_in_ms: Math.round(Math.random() * spreadMs) })
      for (const socket of widget.sockets.values()) socket.emit('server:draining', word())
      for (const socket of people.sockets.values()) socket.emit('server:draining', word())
    },
    async close() {
      await admin.stop()
      await io.close()
    },
  }
}

/** The namespace that Socket.IO always has serves nobody here. */
function refuseRoot(io: Server): void {
  io.use((socket, next) => {
    next(new Error('There is nothing here.'))
    setImmediate(() => socket.conn.close())
  })
}
