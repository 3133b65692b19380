import type { Actor } from '../../../models/actor.ts'
import { DOCUMENT_BYTES, type ImportQuery, type KnowledgeDocument } from '../../../protocol/knowledge.ts'
import { RATES } from '../../../protocol/limits.ts'
import { refuse, succeed, type Result } from '../../../protocol/result.ts'
import type { KeptDocument } from '../../knowledge/document.ts'
import * as documents from '../../knowledge/documents.ts'
import type { SavedDocument } from '../../knowledge/ingest.ts'
import { forServer, type Endpoint } from '../endpoint.ts'
import type { HttpContext, HttpParts } from '../http-env.ts'
import { readBody } from '../read-body.ts'

/** The file in the body becomes a document of the client. */
export function importDocument(parts: HttpParts): Endpoint<'POST /api/v1/knowledge/documents'> {
  return forServer(parts, async ({ id: client_id }, { query }, c) => {
    const saved = await importFile(parts, { client_id, query }, c)
    if (!saved.ok) return saved
    return succeed({ change: saved.data.change, document: presentDocument(saved.data) })
  })
}

/** Reads the file in the body into a client's knowledge; `by` is the person who sends it, where it is one. */
export async function importFile(
  parts: HttpParts,
  { client_id, query, by }: { client_id: string; query: ImportQuery; by?: Actor },
  c: HttpContext,
): Promise<Result<SavedDocument>> {
  const allowance = await parts.limits.take(`documents:${client_id}`, RATES.clientDocuments)
  if (!allowance.allowed) return refuse('rate_limited', undefined, allowance.retryAfterMs)
  const bytes = await readBody(c, DOCUMENT_BYTES)
  if (!bytes.ok) return bytes
  const type = c.req.header('content-type')
  const file = { ...query, bytes: bytes.data, ...(type !== undefined && { type }) }
  return parts.importer.import(client_id, file, by)
}

export function listDocuments(parts: HttpParts): Endpoint<'GET /api/v1/knowledge/documents'> {
  return forServer(parts, async (client, { query }) => {
    const page = await documents.listDocuments(parts.database, client.id, query)
    return succeed({ ...page, documents: page.documents.map(presentDocument) })
  })
}

export function removeDocument(
  parts: HttpParts,
): Endpoint<'DELETE /api/v1/knowledge/documents/:document_id'> {
  return forServer(parts, (client, _input, c) => {
    return documents.removeDocument(parts.database, client.id, c.req.param('document_id') ?? '')
  })
}

/** A document as the API tells it. */
export function presentDocument({
  id,
  title,
  kind,
  url,
  passages,
  created_at,
}: KeptDocument): KnowledgeDocument {
  const document = { id, title, kind, passages, created_at: created_at.toISOString() }
  return url === null ? document : { ...document, url }
}
