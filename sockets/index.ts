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
import type { VisitorTelling } from '../server/conversation/visitor-telling.ts'
import type { ClientAddress } from '../server/http/client-address.ts'
import type { Database } from '../server/infra/database.ts'
import type { Logger } from '../server/infra/logger.ts'
import { createOccupancy, type RateLimits } from '../server/infra/rate-limit.ts'
import type { Redis } from '../server/infra/redis/redis.ts'
import { spreadOver } from '../server/infra/spread-over.ts'
import type { CompileSchema } from '../server/infra/validate.ts'
import { openAdmin, type OpenAdmin } from './admin/open-admin.ts'
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
  telling: VisitorTelling
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
  tellColleagues: OpenAdmin['tellColleagues']
  /** Tells everybody at once to come again, spread over `spreadMs`: nobody is here until then. */
  sendAway(spreadMs: number): void
  /** Tells one after the other, over `spreadMs`, to come again at once: to another node, where there is one. */
  sendElsewhere(spreadMs: number): Promise<void>
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

  /** For everybody who is connected, what tells them when to come again. */
  const connected = (): ((reconnect_in_ms: number) => void)[] => [
    ...Array.from(widget.sockets.values(), (socket) => (reconnect_in_ms: number) => {
      socket.emit('server:draining', { reconnect_in_ms })
    }),
    ...Array.from(people.sockets.values(), (socket) => (reconnect_in_ms: number) => {
      socket.emit('server:draining', { reconnect_in_ms })
    }),
  ]

  return {
    count: () => widget.sockets.size,
    present: () => admin.present(),
    tellColleagues: admin.tellColleagues,
    sendAway(spreadMs) {
      for (const tell of connected()) tell(Math.round(Math.random() * spreadMs))
    },
    async sendElsewhere(spreadMs) {
      await spreadOver(connected(), spreadMs, (tell) => {
        tell(0)
      })
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
