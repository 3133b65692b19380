import { refuse, succeed, type Result } from '../../protocol/result.ts'
import { DOCUMENTS_PAGE } from '../../protocol/knowledge.ts'
import type { Database, Statement } from '../infra/database.ts'
import type { KeptDocument } from './document.ts'

/** A page of a client's documents, the newest first, or of those before the one with the id `before`. */
export async function listDocuments(
  database: Pick<Database, 'run'>,
  client_id: string,
  { before = null, limit = DOCUMENTS_PAGE }: { before?: string | null; limit?: number } = {},
): Promise<{ documents: KeptDocument[]; has_more: boolean }> {
  const most = Math.min(limit, DOCUMENTS_PAGE)
  const found = await database.run<KeptDocument>(LIST, [client_id, before, most + 1])
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
    ORDER BY created_at DESC, id DESC LIMIT $3::int`,
}

/** Takes a document away with its passages, and raises the client's `knowledge_version`. Refused: `not_found`. */
export async function removeDocument(
  database: Pick<Database, 'run'>,
  client_id: string,
  id: string,
): Promise<Result<{ id: string }>> {
  const [removed] = await database.run<{ id: string }>(REMOVE, [client_id, id])
  return removed ? succeed(removed) : refuse('not_found', 'This client has no such document.')
}

/** The client's row first, as whoever saves takes it: the other way round the two could wait for each other. */
const REMOVE: Statement = {
  name: 'knowledge/remove-document',
  text: `
    WITH client AS (
      UPDATE clients SET knowledge_version = knowledge_version + 1
      WHERE id = $1 AND EXISTS (
        SELECT FROM knowledge_documents WHERE client_id = $1 AND id::text = lower($2)
      )
      RETURNING id
    )
    DELETE FROM knowledge_documents USING client
    WHERE client_id = client.id AND knowledge_documents.id::text = lower($2)
    RETURNING knowledge_documents.id`,
}
