import type { Namespace, Socket } from 'socket.io'
import type { AdminEvents, AdminRequestHandlers } from '../../protocol/admin.ts'
import type { AdminAccess } from '../../server/auth/admins/access-tokens.ts'
import type { CutOff } from '../../server/auth/cut-offs.ts'
import type { Bucket } from '../../server/infra/rate-limit.ts'
import type { ConversationWatcher } from './conversation-watcher.ts'
import type { InboxChange } from './inbox-change.ts'
import type { Looking } from './other-lookers.ts'
import type { SessionClock } from './session-clock.ts'
import type { NoteNews } from './tell-notes.ts'

/** What a connection keeps. */
export interface AdminSocketData {
  access: AdminAccess
  clock: SessionClock
  /** By conversation. */
  watched: Map<string, ConversationWatcher>
  bucket?: Bucket
}

/** What nodes tell each other in this namespace. */
export interface AdminNodeEvents {
  cut: (off: CutOff) => void
  inbox: (changes: InboxChange[]) => void
  looking: (looking: Looking) => void
  note: (news: NoteNews) => void
}

export type AdminSocket = Socket<AdminRequestHandlers, AdminEvents, AdminNodeEvents, AdminSocketData>
export type AdminNamespace = Namespace<AdminRequestHandlers, AdminEvents, AdminNodeEvents, AdminSocketData>
