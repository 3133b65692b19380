import { randomBytes } from 'node:crypto'
import type { Database } from '../../infra/database.ts'
import { inTransaction, type RunWithin } from '../transaction.ts'
import type { Archive } from './archive.ts'
import type { TableRow } from './block.ts'

/** What came back. */
export interface Restored {
  conversations: number
  messages: number
}

/** Why what was restored is not removed by the next pass: whoever needs it no more releases it. */
const REASON = 'Restored from the archive'

/**
 * Brings back what was archived of a visitor, under legal hold, beside what is there still; again, it changes nothing. The
 * visitor's sessions come back without what granted them. Gives what was missing.
 */
export async function restoreVisitor(
  { database, archive }: { database: Pick<Database, 'sequelize' | 'transaction'>; archive: Archive },
  visitorId: string,
  signal: AbortSignal,
): Promise<Restored> {
  const restored: Restored = { conversations: 0, messages: 0 }
  for await (const one of archive.read(visitorId, signal)) {
    const came = await inTransaction({ database, signal }, (run) => restoreRow(run, one))
    if (came && one.table === 'conversations') restored.conversations++
    if (came && one.table === 'messages') restored.messages++
  }
  return restored
}

const PUT: Readonly<Record<string, string>> = {
  visitors: put('visitors'),
  sessions: put('sessions'),
  conversations: put('conversations'),
  // One whose day was not dropped yet is where it was.
  messages: `
    INSERT INTO messages_held SELECT r.* FROM jsonb_populate_record(NULL::messages_held, $1::jsonb) AS r
    WHERE NOT EXISTS (SELECT FROM messages m WHERE m.conversation_id = r.conversation_id AND m.seq = r.seq
      AND m."timestamp" = r."timestamp")
    ON CONFLICT DO NOTHING RETURNING 1`,
}

/** In a statement after that which restores the conversation: this one sees it. */
const HOLD = `
  INSERT INTO legal_holds (conversation_id, client_id, reason, actor) SELECT id, client_id, $2, 'system'
  FROM conversations WHERE id = $1::uuid ON CONFLICT DO NOTHING`

async function restoreRow(run: RunWithin, { table, row }: TableRow): Promise<boolean> {
  const sql = PUT[table]
  if (sql === undefined) return false
  const token = table === 'sessions' ? { token_hash: `\\x${randomBytes(32).toString('hex')}` } : {}
  const came = await run(sql, [JSON.stringify({ ...row, ...token })])
  if (table === 'conversations') await run(HOLD, [row['id'], REASON])
  return came.length > 0
}

function put(table: string): string {
  return `INSERT INTO ${table} SELECT * FROM jsonb_populate_record(NULL::${table}, $1::jsonb) ON CONFLICT DO NOTHING RETURNING 1`
}
