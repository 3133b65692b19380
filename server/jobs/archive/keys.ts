import { randomBytes } from 'node:crypto'
import type { Database, Statement } from '../../infra/database.ts'
import type { SealedPlace, Secrets } from '../../infra/secrets.ts'
import { KEY_BYTES } from './block.ts'

/** The key of a visitor's archives, and whose days have something of the visitor. */
export interface VisitorKey {
  client_id: string
  key: Buffer
  /** `YYYY-MM-DD`, in their order. */
  days: string[]
}

export function archiveKeyPlace(visitorId: string): SealedPlace {
  return { table: 'archive_keys', column: 'key', id: visitorId }
}

interface Parts {
  database: Pick<Database, 'run'>
  secrets: Secrets
}

/** The keys of these visitors, made where they have none; each notes that the day has something of theirs. */
export async function keysFor(
  { database, secrets }: Parts,
  { client_id, day }: { client_id: string; day: string },
  visitorIds: readonly string[],
): Promise<Map<string, Buffer>> {
  const made = visitorIds.map((id) =>
    secrets.seal(randomBytes(KEY_BYTES).toString('base64'), archiveKeyPlace(id)),
  )
  const rows = await database.run<{ id: string; key: string }>(TAKE, [client_id, day, visitorIds, made])
  return new Map(rows.map(({ id, key }) => [id, open(secrets, id, key)]))
}

/** Null where nothing of the visitor was archived, or where it was erased. */
export async function findKey({ database, secrets }: Parts, visitorId: string): Promise<VisitorKey | null> {
  const [row] = await database.run<{ client_id: string; key: string; days: string[] }>(FIND, [visitorId])
  return row ? { ...row, key: open(secrets, visitorId, row.key) } : null
}

function open(secrets: Secrets, visitorId: string, sealed: string): Buffer {
  return Buffer.from(secrets.open(sealed, archiveKeyPlace(visitorId)), 'base64')
}

/** $1 client $2 day $3 visitors $4 sealed keys for those who have none. In the order of ids, for two at once. */
const TAKE: Statement = {
  name: 'jobs/take-archive-keys',
  text: `
    INSERT INTO archive_keys AS k (id, client_id, key, days)
    SELECT id, $1::uuid, key, ARRAY[$2::date] FROM unnest($3::uuid[], $4::text[]) AS v (id, key) ORDER BY id
    ON CONFLICT (id) DO UPDATE SET days = CASE WHEN $2::date = ANY (k.days) THEN k.days ELSE k.days || $2::date END
    RETURNING id, key`,
}

/** $1 visitor */
const FIND: Statement = {
  name: 'jobs/find-archive-key',
  text: `
    SELECT client_id, key, ARRAY(SELECT to_char(day, 'YYYY-MM-DD') FROM unnest(days) AS day ORDER BY day) AS days
    FROM archive_keys WHERE id = $1::uuid`,
}
