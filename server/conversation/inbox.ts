import type { AdminConversation } from '../../protocol/admin.ts'
import { WIRE_LIMITS } from '../../protocol/limits.ts'
import type { HandoffState } from '../../protocol/records.ts'
import type { Database, Statement } from '../infra/database.ts'
import { presentForAdmin } from './present.ts'
import { WATCHED_CONVERSATION_COLUMNS, type WatchedConversationRow } from './rows.ts'

/** Which page: the newest, or the one that follows a conversation; and of which conversations. */
export interface InboxQuery {
  state?: 'ai' | 'agent'
  handoff?: HandoffState
  channel?: string
  after?: string
  limit?: number
}

export interface InboxPage {
  conversations: AdminConversation[]
  /** Older ones are open, too. */
  has_more: boolean
}

/** The place that follows a conversation; without one, the newest. Microseconds stay in Postgres. */
const FOLLOWS = `
  ($2::uuid IS NULL OR (started_at, id) < (SELECT a.started_at, a.id FROM conversations a WHERE a.id = $2::uuid))`

/** $4 state $5 handoff $6 channel; null: any */
const FITS = `
  ($4::text IS NULL OR state = $4) AND ($5::text IS NULL OR handoff = $5) AND ($6::text IS NULL OR channel = $6)`

const NEWEST = `state <> 'ended' AND NOT is_test AND ${FITS} AND ${FOLLOWS} ORDER BY started_at DESC, id DESC LIMIT $3::int`

/** $1 client $2 after which conversation, or null $3 how many */
const OF_CLIENT: Statement = {
  name: 'conversation/inbox-of-client',
  text: `SELECT ${WATCHED_CONVERSATION_COLUMNS} FROM conversations WHERE client_id = $1::uuid AND ${NEWEST}`,
}

/** The same of every client; $1 is null. */
const OF_ALL: Statement = {
  name: 'conversation/inbox-of-all',
  text: `SELECT ${WATCHED_CONVERSATION_COLUMNS} FROM conversations WHERE $1::uuid IS NULL AND ${NEWEST}`,
}

/** Open conversations, begun last first. */
export async function readInbox(
  database: Pick<Database, 'run'>,
  clientId: string | null,
  { limit = WIRE_LIMITS.inboxDefault, ...query }: InboxQuery,
): Promise<InboxPage> {
  const { after = null, state = null, handoff = null, channel = null } = query
  const values = [clientId, after, limit + 1, state, handoff, channel]
  const rows = await database.run<WatchedConversationRow>(clientId === null ? OF_ALL : OF_CLIENT, values)
  return { conversations: rows.slice(0, limit).map(presentForAdmin), has_more: rows.length > limit }
}

/** $1 conversations */
const BY_ID: Statement = {
  name: 'conversation/read-conversations',
  text: `SELECT ${WATCHED_CONVERSATION_COLUMNS} FROM conversations WHERE id = ANY($1::uuid[]) AND NOT is_test`,
}

export async function readConversations(
  database: Pick<Database, 'run'>,
  ids: readonly string[],
): Promise<AdminConversation[]> {
  const rows = await database.run<WatchedConversationRow>(BY_ID, [ids])
  return rows.map(presentForAdmin)
}

/** Conversations at most that are read as recently changed. */
const MOST = 1_000

/** Stable within a statement, so that older partitions are left out. */
const SINCE = `now() - $1::int * interval '1 millisecond'`

/**
 * Whatever is said is a message, whatever changes hands is in the audit log, and one that was opened without a word
 * has its start. $1 how many milliseconds back, by the database's clock $2 how many
 */
const RECENT: Statement = {
  name: 'conversation/recently-changed',
  text: `
    SELECT ${WATCHED_CONVERSATION_COLUMNS} FROM conversations WHERE NOT is_test AND id IN (
      SELECT conversation_id FROM messages WHERE "timestamp" >= ${SINCE}
      UNION SELECT conversation_id FROM audit_log WHERE at >= ${SINCE}
        AND conversation_id IS NOT NULL
      UNION SELECT id FROM conversations WHERE state <> 'ended'
        AND started_at >= ${SINCE}
    ) LIMIT $2::int`,
}

/** The conversations to which something has happened in the last so many milliseconds. */
export async function readRecent(database: Pick<Database, 'run'>, ms: number): Promise<AdminConversation[]> {
  const rows = await database.run<WatchedConversationRow>(RECENT, [ms, MOST])
  return rows.map(presentForAdmin)
}
