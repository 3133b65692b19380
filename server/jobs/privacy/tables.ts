import type { RunWithin } from '../transaction.ts'

/** A table that has rows of visitors, and which of them: $1 is the visitors, $2 their sessions, $3 their conversations. */
export interface VisitorTable {
  name: string
  where: string
}

/**
 * Every table that names a visitor, a session or a conversation in its columns: asked of the database itself, so that none
 * is forgotten that comes later. Those that others point at stand last.
 */
export async function visitorTables(run: RunWithin): Promise<VisitorTable[]> {
  const found = await run<{ name: string; columns: string[] }>(FIND)
  const tables = found.map(({ name, columns }) => ({ name, where: whereOf(columns) }))
  return [...tables.filter(({ name }) => !CORE.some((core) => core.name === name)), ...CORE]
}

const CORE: readonly VisitorTable[] = [
  { name: 'conversations', where: 'd.session_id = ANY($2::uuid[])' },
  { name: 'sessions', where: 'd.visitor_id = ANY($1::uuid[])' },
  { name: 'visitors', where: 'd.id = ANY($1::uuid[])' },
]

const FIND = `
  SELECT quote_ident(c.relname) AS name, array_agg(a.attname::text) AS columns
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND a.attname IN ('visitor_id', 'session_id', 'conversation_id') AND a.atttypid = 'uuid'::regtype AND NOT a.attisdropped
  GROUP BY 1 ORDER BY 1`

/** A receipt's key begins with its session, and every receipt of the conversation has it. */
function whereOf(columns: readonly string[]): string {
  if (columns.includes('session_id')) return 'd.session_id = ANY($2::uuid[])'
  const parts = [
    ...(columns.includes('visitor_id') ? ['d.visitor_id = ANY($1::uuid[])'] : []),
    ...(columns.includes('conversation_id') ? ['d.conversation_id = ANY($3::uuid[])'] : []),
  ]
  return `(${parts.join(' OR ')})`
}

/** Whose rows are meant, in the order of the parameters. */
export interface VisitorRows {
  visitors: string[]
  sessions: string[]
  conversations: string[]
}

/** A statement about these rows with the parameters that it names. */
export async function about<Row extends object>(
  run: RunWithin,
  sql: string,
  rows: VisitorRows,
): Promise<Row[]> {
  const all = [rows.visitors, rows.sessions, rows.conversations]
  const named = [1, 2, 3].filter((number) => sql.includes(`$${String(number)}::`))
  const renumbered = named.reduce(
    (text, number, place) => text.replaceAll(`$${String(number)}::`, `$${String(place + 1)}::`),
    sql,
  )
  return run<Row>(
    renumbered,
    named.map((number) => all[number - 1]),
  )
}

/** $1 visitor $2 client */
export const FIND_VISITOR = 'SELECT id FROM visitors WHERE id = $1::uuid AND client_id = $2::uuid FOR UPDATE'

/** The visitor's sessions and conversations, all of them locked: nothing joins them, nothing is put under hold. */
export async function lockRows(run: RunWithin, visitorId: string): Promise<VisitorRows> {
  const sessions = await run<{ id: string }>(
    'SELECT id FROM sessions WHERE visitor_id = $1::uuid ORDER BY id FOR UPDATE',
    [visitorId],
  )
  const ids = sessions.map(({ id }) => id)
  const conversations = await run<{ id: string }>(
    'SELECT id FROM conversations WHERE session_id = ANY($1::uuid[]) ORDER BY id FOR UPDATE',
    [ids],
  )
  return { visitors: [visitorId], sessions: ids, conversations: conversations.map(({ id }) => id) }
}
