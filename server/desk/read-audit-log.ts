import type { AuditEntryTold, AuditLogPage, AuditLogQuery } from '../../protocol/audit-log.ts'
import type { Database, Statement } from '../infra/database.ts'

/** Entries of a page where no number is asked. */
const PAGE = 50

interface EntryRow {
  id: string
  at: Date
  actor: AuditEntryTold['actor']
  actor_id: string | null
  actor_name: string | null
  action: string
  client_id: string | null
  conversation_id: string | null
  details: Record<string, unknown>
}

/**
 * $1 client, or null for all $2 conversation $3 who $4 what kind of who $5 pattern of the action $6 from $7 until $8 the
 * last of the page before $9 how many; null: any
 */
const LIST: Statement = {
  name: 'desk/read-audit-log',
  text: `
    SELECT l.id, l.at, l.actor, l.actor_id, p.name AS actor_name, l.action, l.client_id, l.conversation_id, l.details
    FROM audit_log l LEFT JOIN admins p ON l.actor = 'admin' AND p.id = l.actor_id
    WHERE ($1::uuid IS NULL OR l.client_id = $1::uuid)
      AND ($2::uuid IS NULL OR l.conversation_id = $2::uuid)
      AND ($3::uuid IS NULL OR l.actor_id = $3::uuid)
      AND ($4::text IS NULL OR l.actor = $4)
      AND ($5::text IS NULL OR l.action LIKE $5)
      AND ($6::timestamptz IS NULL OR l.at >= $6::timestamptz)
      AND ($7::timestamptz IS NULL OR l.at < $7::timestamptz)
      AND ($8::bigint IS NULL OR l.id < $8::bigint)
    ORDER BY l.id DESC LIMIT $9::int`,
}

/** What was done, the last first: to a client, its people and its conversations, or to all where `scope` is null. */
export async function readAuditLog(
  database: Pick<Database, 'run'>,
  scope: string | null,
  { action, limit = PAGE, ...query }: AuditLogQuery,
): Promise<AuditLogPage> {
  const rows = await database.run<EntryRow>(LIST, [
    ...[scope, query.conversation_id ?? null, query.actor_id ?? null, query.actor ?? null],
    ...[action === undefined ? null : patternOf(action), query.from ?? null, query.until ?? null],
    ...[query.after ?? null, limit + 1],
  ])
  return { entries: rows.slice(0, limit).map(present), has_more: rows.length > limit }
}

function patternOf(action: string): string {
  return action.replaceAll('_', '\\_') + (action.endsWith('.') ? '%' : '')
}

function present(row: EntryRow): AuditEntryTold {
  const { id, at, actor, actor_id, actor_name, action, client_id, conversation_id, details } = row
  return {
    ...{ id, at: at.toISOString(), actor, action, details },
    ...(actor_id !== null && { actor_id }),
    ...(actor_name !== null && { actor_name }),
    ...(client_id !== null && { client_id }),
    ...(conversation_id !== null && { conversation_id }),
  }
}
