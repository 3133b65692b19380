import { gzipSync } from 'node:zlib'
import type { Database, Statement } from '../../infra/database.ts'
import type { Secrets } from '../../infra/secrets.ts'
import { sealBlock, type TableRow } from './block.ts'
import { keysFor } from './keys.ts'
import { hashOf, manifestName, readManifest, type BlockLine, type Manifest } from './manifest.ts'
import type { ArchiveStore } from './store.ts'

export interface ArchiveParts {
  database: Pick<Database, 'run'>
  secrets: Secrets
  store: ArchiveStore
}

/** Visitors in one file: what they said on a day is in memory at once. */
const AT_ONCE = 500

/**
 * Writes a day's messages, file by file, then its manifest; a day that has one is left alone. Names say what is in them, so
 * that whoever does it again writes over what was begun. Clients with a period of their own are left out: what they want
 * gone earlier is not kept longer.
 */
export async function keepDay(parts: ArchiveParts, day: string, signal: AbortSignal): Promise<number> {
  const { database, store } = parts
  if ((await readManifest(store, day, signal)) !== null) return 0
  const files: Manifest['files'] = []
  let after: Place | null = { client_id: NO_ID, visitor_id: NO_ID }
  for (let number = 1; after; number++) {
    const found: VisitorOfDay[] = await database.run<VisitorOfDay>(FIND, [
      day,
      after.client_id,
      after.visitor_id,
      AT_ONCE,
    ])
    for (const [client_id, visitors] of byClient(found)) {
      const name = `messages/${day}/${client_id}-${String(number)}.ndjson.gz`
      const { body, messages } = await pack(parts, { client_id, day }, visitors)
      await store.put(name, body, signal)
      const bytes = body.length
      files.push({ name, client_id, visitors: visitors.length, messages, bytes, sha256: hashOf(body) })
    }
    after = found.length < AT_ONCE ? null : (found.at(-1) ?? null)
  }
  const messages = files.reduce((sum, file) => sum + file.messages, 0)
  const made_at = new Date().toISOString()
  const manifest: Manifest = { format: 'parlor-archive/1', day, made_at, messages, files }
  await store.put(manifestName(day), Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`), signal)
  return messages
}

interface Place {
  client_id: string
  visitor_id: string
}

interface VisitorOfDay extends Place {
  conversations: string[]
}

const NO_ID = '00000000-0000-0000-0000-000000000000'

const ON_DAY = `m."timestamp" >= $1::date::timestamp AT TIME ZONE 'UTC'
      AND m."timestamp" < ($1::date + 1)::timestamp AT TIME ZONE 'UTC'`

/** $1 day $2, $3 the last of the file before $4 how many */
const FIND: Statement = {
  name: 'jobs/visitors-of-day',
  text: `
    SELECT c.client_id, s.visitor_id, array_agg(DISTINCT c.id) AS conversations
    FROM messages m JOIN conversations c ON c.id = m.conversation_id JOIN sessions s ON s.id = c.session_id
      JOIN clients k ON k.id = c.client_id
    WHERE ${ON_DAY} AND NOT c.is_test AND k.settings #> '{retention,messages_days}' IS NULL
      AND (c.client_id, s.visitor_id) > ($2::uuid, $3::uuid)
    GROUP BY 1, 2 ORDER BY 1, 2 LIMIT $4::int`,
}

/** Who said it, where, and what. The hash that grants a session is left out. $1 day $2 conversations */
const ROWS: Statement = {
  name: 'jobs/rows-of-day',
  text: `
    WITH c AS (SELECT * FROM conversations WHERE id = ANY($2::uuid[])),
      s AS (SELECT * FROM sessions WHERE id IN (SELECT session_id FROM c))
    SELECT visitor_id, "table", row FROM (
      SELECT 1 AS place, v.id AS visitor_id, 'visitors' AS "table", to_jsonb(v) AS row, NULL::int AS seq
        FROM visitors v WHERE id IN (SELECT visitor_id FROM s)
      UNION ALL SELECT 2, visitor_id, 'sessions', to_jsonb(s) - 'token_hash', NULL FROM s
      UNION ALL SELECT 3, s.visitor_id, 'conversations', to_jsonb(c), NULL FROM c JOIN s ON s.id = c.session_id
      UNION ALL SELECT 4, s.visitor_id, 'messages', to_jsonb(m), m.seq
        FROM messages m JOIN c ON c.id = m.conversation_id JOIN s ON s.id = c.session_id
        WHERE ${ON_DAY} AND m.conversation_id = ANY($2::uuid[])
    ) AS rows ORDER BY place, seq`,
}

async function pack(
  { database, secrets }: ArchiveParts,
  { client_id, day }: { client_id: string; day: string },
  visitors: readonly VisitorOfDay[],
): Promise<{ body: Buffer; messages: number }> {
  const keys = await keysFor(
    { database, secrets },
    { client_id, day },
    visitors.map((one) => one.visitor_id),
  )
  const conversations = visitors.flatMap((one) => one.conversations)
  const rows = new Map<string, TableRow[]>(visitors.map(({ visitor_id }) => [visitor_id, []]))
  const read = await database.run<TableRow & { visitor_id: string }>(ROWS, [day, conversations])
  for (const { visitor_id, table, row } of read) rows.get(visitor_id)?.push({ table, row })
  const lines: BlockLine[] = []
  for (const [visitor_id, own] of rows) {
    const key = keys.get(visitor_id)
    if (!key) throw new Error(`no key was made for the archive of visitor ${visitor_id}`)
    const messages = own.filter(({ table }) => table === 'messages').length
    const sealed = sealBlock(own, key, { day, client_id, visitor_id }).toString('base64')
    lines.push({ visitor_id, messages, sealed })
  }
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('')
  return { body: gzipSync(text), messages: lines.reduce((sum, { messages }) => sum + messages, 0) }
}

function byClient(found: readonly VisitorOfDay[]): Map<string, VisitorOfDay[]> {
  const clients = new Map<string, VisitorOfDay[]>()
  for (const one of found) clients.set(one.client_id, [...(clients.get(one.client_id) ?? []), one])
  return clients
}
