import { createHash } from 'node:crypto'
import type { Actor } from '../../../models/actor.ts'
import type { PrivacyReceipt } from '../../../protocol/privacy.ts'
import type { RunWithin } from '../transaction.ts'

/** Whom it is about, and who asked. */
export interface Subject {
  client_id: string
  visitor_id: string
  by: Actor
}

/** Writes down that it was done, and tells it in the audit log; neither names the visitor. */
export async function writeReceipt(
  run: RunWithin,
  kind: PrivacyReceipt['kind'],
  { client_id, visitor_id, by }: Subject,
  counts: Readonly<Record<string, number>>,
): Promise<PrivacyReceipt> {
  const hash = hashOfVisitor(visitor_id)
  const actorId = by.actor === 'admin' ? by.actor_id : null
  const values = [client_id, kind, hash, by.actor, actorId, JSON.stringify(counts), `visitor.${VERB[kind]}`]
  const [row] = await run<{ id: string; at: Date }>(WRITE, values)
  if (!row) throw new Error('a receipt was written and is not there')
  return { id: row.id, kind, visitor_id, at: row.at.toISOString(), counts: tellCounts(counts) }
}

/** In the order of their names: the database keeps them in one of its own. */
export function tellCounts(counts: Readonly<Record<string, number>>): PrivacyReceipt['counts'] {
  return Object.entries(counts)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([what, count]) => ({ what, count }))
}

/** How a receipt names a visitor: an id is 122 random bits, so nobody finds it by trying. */
export function hashOfVisitor(visitorId: string): Buffer {
  return createHash('sha256').update(visitorId).digest()
}

const VERB = { erasure: 'erased', export: 'exported' } as const

const WRITE = `
  WITH r AS (
    INSERT INTO privacy_receipts (client_id, kind, visitor_hash, actor, actor_id, counts)
    VALUES ($1::uuid, $2, $3::bytea, $4, $5::uuid, $6::jsonb) RETURNING id, at
  ), a AS (
    INSERT INTO audit_log (client_id, actor, actor_id, action, details)
    SELECT $1::uuid, $4, $5::uuid, $7, jsonb_build_object('receipt', id) FROM r
  )
  SELECT id, at FROM r`
