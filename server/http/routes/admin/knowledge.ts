import type { KNOWLEDGE_OPERATIONS } from '../../../../protocol/operations/admin/knowledge.ts'
import type { DocumentRead, NewDocumentBody } from '../../../../protocol/knowledge-keeping.ts'
import type { DocumentImported } from '../../../../protocol/knowledge.ts'
import { refuse, succeed, type Result } from '../../../../protocol/result.ts'
import type { DocumentInput } from '../../../knowledge/document.ts'
import * as documents from '../../../knowledge/documents.ts'
import { editDocument, openDocument, type OpenDocument } from '../../../knowledge/edit.ts'
import { saveDocument, type SavedDocument } from '../../../knowledge/ingest.ts'
import { tryQuestion } from '../../../knowledge/try-question.ts'
import type { Endpoint } from '../../endpoint.ts'
import { forClientAdmin } from '../../for-admin.ts'
import type { HttpContext, HttpParts } from '../../http-env.ts'
import { importFile, presentDocument } from '../knowledge.ts'

type Path = '/api/admin/clients/:client_id'

type Endpoints<K extends keyof typeof KNOWLEDGE_OPERATIONS> = { [Key in K]: Endpoint<Key> }

/** What a client's AI may quote, as its people find and read it. */
export function readingEndpoints(
  parts: HttpParts,
): Endpoints<`GET ${Path}/documents` | `GET ${Path}/documents/:document_id` | `POST ${Path}/knowledge/try`> {
  const { database } = parts
  return {
    'GET /api/admin/clients/:client_id/documents': forClientAdmin(
      parts,
      async ({ client_id }, { query: { after, ...query } }) => {
        const page = await documents.listDocuments(database, client_id, { before: after, ...query })
        return succeed({ ...page, documents: page.documents.map(presentDocument) })
      },
    ),
    'GET /api/admin/clients/:client_id/documents/:document_id': forClientAdmin(
      parts,
      async ({ client_id }, _input, c) => opened(await openDocument(database, client_id, idOf(c))),
    ),
    'POST /api/admin/clients/:client_id/knowledge/try': forClientAdmin(
      parts,
      async ({ client_id }, { body }) => succeed({ passages: await tryQuestion(database, client_id, body) }),
    ),
  }
}

/** The same, as they write it. */
export function writingEndpoints(
  parts: HttpParts,
): Endpoints<
  | `POST ${Path}/documents`
  | `POST ${Path}/documents/import`
  | `PUT ${Path}/documents/:document_id`
  | `DELETE ${Path}/documents/:document_id`
> {
  const { database } = parts
  return {
    'POST /api/admin/clients/:client_id/documents/import': forClientAdmin(
      parts,
      async ({ client_id, by }, { query }, c) => saved(await importFile(parts, { client_id, by, query }, c)),
    ),
    'POST /api/admin/clients/:client_id/documents': forClientAdmin(
      parts,
      async ({ client_id, by }, { body }) => {
        const input = inputOf(body)
        return input.ok ? saved(await saveDocument(database, client_id, input.data, by)) : input
      },
    ),
    'PUT /api/admin/clients/:client_id/documents/:document_id': forClientAdmin(
      parts,
      async ({ client_id, by }, { body }, c) =>
        opened(await editDocument(database, { client_id, id: idOf(c), by }, body)),
    ),
    'DELETE /api/admin/clients/:client_id/documents/:document_id': forClientAdmin(
      parts,
      ({ client_id, by }, _input, c) => documents.removeDocument(database, client_id, idOf(c), by),
    ),
  }
}

function idOf(c: HttpContext): string {
  return c.req.param('document_id') ?? ''
}

function inputOf({ title, kind, url, passages, text }: NewDocumentBody): Result<DocumentInput> {
  const head = { title, kind, ...(url !== undefined && { url }) }
  if (passages !== undefined && text === undefined) return succeed({ ...head, passages })
  if (text !== undefined && passages === undefined) return succeed({ ...head, text })
  return refuse('invalid_payload', 'A document has either passages or text.')
}

function saved(made: Result<SavedDocument>): Result<DocumentImported> {
  return made.ok ? succeed({ change: made.data.change, document: presentDocument(made.data) }) : made
}

function opened(read: Result<OpenDocument>): Result<DocumentRead> {
  if (!read.ok) return read
  const { document, passages } = read.data
  return succeed({ document: presentDocument(document), passages })
}
