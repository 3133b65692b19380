import type { KeptReceipt, ReceiptsPage, ReceiptsQuery } from '../../../protocol/privacy.ts'
import type { Database, Statement } from '../../infra/database.ts'
import { hashOfVisitor, tellCounts } from './receipts.ts'

/** A page of receipts, the newest first: of one client, or of all where `only` is null; of one visitor where one is named. */
export async function listReceipts(
  database: Pick<Database, 'run'>,
  only: string | null,
  { client_id, visitor_id, after, limit = PAGE }: ReceiptsQuery,
): Promise<ReceiptsPage> {
  const hash = visitor_id === undefined ? null : hashOfVisitor(visitor_id.toLowerCase())
  const values = [only, client_id ?? null, hash, after ?? null, limit + 1]
  const rows = await database.run<ReceiptRow>(LIST, values)
  return { receipts: rows.slice(0, limit).map(present), has_more: rows.length > limit }
}

type ReceiptRow = Omit<KeptReceipt, 'at' | 'counts'> & { at: Date; counts: Record<string, number> }

const PAGE = 50

/** $1 the only client that may be seen, or null $2 the client that is asked about, or null $3 hash of a visitor, or null $4 the last of the page before $5 how many */
const LIST: Statement = {
  name: 'jobs/list-receipts',
  text: `
    SELECT r.id, r.client_id, r.kind, encode(r.visitor_hash, 'hex') AS visitor_sha256, r.at, r.actor, r.actor_id,
      p.name AS actor_name, r.counts
    FROM privacy_receipts r LEFT JOIN admins p ON r.actor = 'admin' AND p.id = r.actor_id
    WHERE ($1::uuid IS NULL OR r.client_id = $1) AND ($2::uuid IS NULL OR r.client_id = $2)
      AND ($3::bytea IS NULL OR r.visitor_hash = $3)
      AND ($4::uuid IS NULL OR (r.at, r.id) < (SELECT at, id FROM privacy_receipts WHERE id = $4))
    ORDER BY r.at DESC, r.id DESC LIMIT $5::int`,
}

function present({ at, counts, ...row }: ReceiptRow): KeptReceipt {
  return { ...row, at: at.toISOString(), counts: tellCounts(counts) }
}
