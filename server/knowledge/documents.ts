import type { Actor } from '../../models/actor.ts'
import { refuse, succeed, type Result } from '../../protocol/result.ts'
import { DOCUMENTS_PAGE } from '../../protocol/knowledge.ts'
import type { Database, Statement } from '../infra/database.ts'
import type { DocumentKind, KeptDocument } from './document.ts'

export const NO_DOCUMENT = 'This client has no such document.'

/** Which page of a client's documents: those before the one with the id `before`, of a kind, with a part of title or url. */
export interface DocumentsAsked {
  before?: string | null | undefined
  limit?: number | undefined
  search?: string | undefined
  kind?: DocumentKind | undefined
}

/** A page of a client's documents, the newest first. */
export async function listDocuments(
  database: Pick<Database, 'run'>,
  client_id: string,
  { before = null, limit = DOCUMENTS_PAGE, search, kind }: DocumentsAsked = {},
): Promise<{ documents: KeptDocument[]; has_more: boolean }> {
  const most = Math.min(limit, DOCUMENTS_PAGE)
  const found = await database.run<KeptDocument>(LIST, [
    ...[client_id, before, most + 1, search || null, kind ?? null],
  ])
  return { documents: found.slice(0, most), has_more: found.length > most }
}

const LIST: Statement = {
  name: 'knowledge/list-documents',
  text: `
    SELECT id, title, kind, url, created_at,
      (SELECT count(*)::int FROM knowledge_chunks WHERE document_id = document.id) AS passages
    FROM knowledge_documents document
    WHERE client_id = $1 AND ($2::text IS NULL OR (created_at, id) < (
      SELECT created_at, id FROM knowledge_documents WHERE client_id = $1 AND id::text = lower($2)
    ))
      AND ($4::text IS NULL OR strpos(lower(concat_ws(' ', title, url)), lower($4)) > 0)
      AND ($5::text IS NULL OR kind = $5)
    ORDER BY created_at DESC, id DESC LIMIT $3::int`,
}

/** Takes a document away with its passages, and raises the client's `knowledge_version`; told in the audit log where a person did it. Refused: `not_found`. */
export async function removeDocument(
  database: Pick<Database, 'run'>,
  client_id: string,
  id: string,
  by: Actor | null = null,
): Promise<Result<{ id: string }>> {
  const values = [client_id, id, by?.actor ?? null, by?.actor === 'admin' ? by.actor_id : null]
  const [removed] = await database.run<{ id: string }>(REMOVE, values)
  return removed ? succeed(removed) : refuse('not_found', NO_DOCUMENT)
}

/** $1 client $2 document $3 actor, or null $4 its id. The client's row first, as whoever saves takes it: the other way round the two could wait for each other. */
const REMOVE: Statement = {
  name: 'knowledge/remove-document',
  text: `
    WITH client AS (
      UPDATE clients SET knowledge_version = knowledge_version + 1
      WHERE id = $1 AND EXISTS (
        SELECT FROM knowledge_documents WHERE client_id = $1 AND id::text = lower($2)
      )
      RETURNING id
    ), removed AS (
      DELETE FROM knowledge_documents USING client
      WHERE client_id = client.id AND knowledge_documents.id::text = lower($2)
      RETURNING knowledge_documents.id, title
    ), noted AS (
      INSERT INTO audit_log (client_id, actor, actor_id, action, details)
      SELECT $1, $3::text, $4::uuid, 'knowledge.removed', jsonb_build_object('document_id', id, 'title', title)
      FROM removed WHERE $3::text IS NOT NULL
    )
    SELECT id FROM removed`,
}
