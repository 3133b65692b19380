import { refuse, succeed, type Result } from '../../protocol/result.ts'
import type { Database, Statement } from '../infra/database.ts'
import type { DocumentKind } from './document.ts'

/** A document of a client, as its list shows it. */
export interface KeptDocument {
  id: string
  title: string
  kind: DocumentKind
  url: string | null
  passages: number
  created_at: Date
}

/** Every document of a client (`CLIENT_LIMITS` bounds them), the newest first. */
export function listDocuments(database: Database, client_id: string): Promise<KeptDocument[]> {
  return database.run<KeptDocument>(LIST, [client_id])
}

const LIST: Statement = {
  name: 'knowledge/list-documents',
  text: `
    SELECT id, title, kind, url, created_at,
      (SELECT count(*)::int FROM knowledge_chunks WHERE document_id = document.id) AS passages
    FROM knowledge_documents document WHERE client_id = $1 ORDER BY created_at DESC, id`,
}

/** Takes a document away with its passages, and raises the client's `knowledge_version`. Refused: `not_found`. */
export async function removeDocument(
  database: Database,
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
