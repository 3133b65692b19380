import type { Context } from 'hono'
import type { Accounts } from '../auth/admins/account.ts'
import type { AdminAuth } from '../auth/admins/index.ts'
import type { Admins } from '../auth/admins/keep-admins.ts'
import type { ClientAccounts } from '../auth/client-accounts.ts'
import type { ClientDirectory } from '../auth/client-directory.ts'
import type { Identities } from '../auth/identity/identities.ts'
import type { IdentitySecrets } from '../auth/identity/identity-secrets.ts'
import type { SecretKeys } from '../auth/secret-keys.ts'
import type { SecretKeyDirectory } from '../auth/secret-key-directory.ts'
import type { ClientsAi } from '../clients/client-ai.ts'
import type { ClientsTerms } from '../clients/client-terms.ts'
import type { ClientsWidgets } from '../clients/client-widget.ts'
import type { Config } from '../config/config.ts'
import type { AnswerLimits } from '../conversation/answer-limits.ts'
import type { AnswerWatch } from '../conversation/answer-watch.ts'
import type { Conversations } from '../conversation/conversations.ts'
import type { Listeners } from '../conversation/publisher.ts'
import type { TestChats } from '../conversation/test-chats.ts'
import type { VisitorHandoffs } from '../conversation/visitor-handoffs.ts'
import type { VisitorTelling } from '../conversation/visitor-telling.ts'
import type { CannedReplies } from '../desk/canned-replies.ts'
import type { Notes } from '../desk/notes.ts'
import type { Database } from '../infra/database.ts'
import type { Logger } from '../infra/logger.ts'
import type { Metrics } from '../infra/metrics.ts'
import type { RateLimits } from '../infra/rate-limit.ts'
import type { Presence } from '../infra/redis/presence.ts'
import type { CompileSchema } from '../infra/validate.ts'
import type { Importer } from '../knowledge/importer.ts'
import type { Callbacks } from '../tools/callbacks/callbacks.ts'
import type { LegalHolds } from '../jobs/holds.ts'
import type { VisitorPrivacy } from '../jobs/privacy/visitor-privacy.ts'
import type { Desks } from '../tools/desks.ts'
import type { ClientAddress } from './client-address.ts'
import type { Peer } from './fetch.ts'
import type { OpenStreams } from './streams/open-streams.ts'

/** What the HTTP application is made of. */
export interface HttpParts {
  config: { http: Pick<Config['http'], 'publicUrl'>; publicDir: string }
  log: Logger
  database: Database
  /** Whether Redis is there; none where this node is alone. */
  redis?: Pick<Presence, 'isHere' | 'awaySince'>
  directory: ClientDirectory
  secretKeys: SecretKeyDirectory
  /** The same keys, as people keep them. */
  keys: SecretKeys
  /** The people who sign in, and who keep each other. */
  people: Admins
  /** What must not be removed. */
  holds: LegalHolds
  /** All that is kept of one visitor. */
  privacy: VisitorPrivacy
  /** Who may have a widget. */
  clients: ClientAccounts
  /** What people set of a client. */
  settings: { ai: ClientsAi; widgets: ClientsWidgets; identity: IdentitySecrets; terms: ClientsTerms }
  /** What models may call, as people keep it. */
  desks: Desks
  admins: AdminAuth
  /** The same people, as they keep themselves. */
  accounts: Accounts
  /** What the people of a client often answer, and what they write for each other. */
  cannedReplies: CannedReplies
  notes: Notes
  /** Whom identity tokens prove. */
  identities: Identities
  conversations: Conversations
  testChats: TestChats
  handoffs: VisitorHandoffs
  telling: VisitorTelling
  /** Who is told what concerns a visitor. */
  listeners: Listeners
  /** The answers that requests wait for, and for how long at most. */
  answers: AnswerWatch
  answerLimits: Pick<AnswerLimits, 'wait' | 'stream'>
  streams: OpenStreams
  importer: Importer
  callbacks: Callbacks
  limits: RateLimits
  clientAddress: ClientAddress
  compile: CompileSchema
  engine: { kind: string; fallbackReason?: string }
  /** Which one this is of several processes on one port. */
  worker?: number
  version: string
  metrics: Metrics
  /** True once the process has begun to go away. */
  draining: () => boolean
}

/** What each request carries through the application. */
export interface HttpEnv {
  Bindings: Peer
  Variables: {
    requestId: string
    /** Whose request it is, for limits. */
    address: string
    /** Set by a page that other sites may embed; its own policy says which. */
    embeddable?: boolean
    /** Set by what other sites' pages may load. */
    shared?: boolean
  }
}

export type HttpContext = Context<HttpEnv>
export type Handler = (c: HttpContext) => Response | Promise<Response>
