import { QueryTypes, type Transaction } from 'sequelize'
import type { Actor } from '../../models/actor.ts'
import { refuse, succeed, type Result } from '../../protocol/result.ts'
import type { Database, Statement } from '../infra/database.ts'
import { changeKnowledge } from './change-knowledge.ts'
import type { PassageText } from './chunk.ts'
import { prepare, type KeptDocument } from './document.ts'
import { NO_DOCUMENT } from './documents.ts'
import { indexDocument, INSERT_PASSAGES, passageValues, type IndexedDocument } from './indexed-document.ts'

/** A document with everything that can be edited of it. */
export interface OpenDocument {
  document: KeptDocument
  passages: PassageText[]
}

/** What takes the place of a document's words. */
export interface DocumentEdit {
  title: string
  url?: string
  passages: readonly PassageText[]
}

/** A document of a client with its passages, in their order. Refused: `not_found`. */
export async function openDocument(
  database: Pick<Database, 'run'>,
  client_id: string,
  id: string,
): Promise<Result<OpenDocument>> {
  const [row] = await database.run<KeptDocument & { texts: PassageText[] }>(OPEN, [client_id, id])
  if (row === undefined) return refuse('not_found', NO_DOCUMENT)
  const { texts: passages, ...document } = row
  return succeed({ document, passages })
}

const OPEN: Statement = {
  name: 'knowledge/open-document',
  text: `
    SELECT document.id, document.title, document.kind, document.url, document.created_at,
      count(passage.id)::int AS passages,
      coalesce(jsonb_agg(jsonb_build_object('title', passage.title, 'content', passage.content)
        ORDER BY passage.position) FILTER (WHERE passage.id IS NOT NULL), '[]') AS texts
    FROM knowledge_documents document LEFT JOIN knowledge_chunks passage ON passage.document_id = document.id
    WHERE document.client_id = $1 AND document.id::text = lower($2)
    GROUP BY document.id`,
}

/**
 * Puts other words in the place of a document's; its id and kind stay. Refused: `not_found`, `invalid_payload` where
 * nothing is left, or another document of the client is the same or has its address, or without one its title;
 * `payload_too_large` as for `saveDocument`.
 */
export async function editDocument(
  database: Database,
  { client_id, id, by }: { client_id: string; id: string; by: Actor },
  edit: DocumentEdit,
): Promise<Result<OpenDocument>> {
  const before = await openDocument(database, client_id, id)
  if (!before.ok) return before
  const { kind } = before.data.document
  const ready = prepare({ ...edit, kind })
  if (!ready.ok) return ready
  const indexed = await indexDocument(ready.data)
  const known = before.data.document.id
  const edited = await changeKnowledge(database, { client_id, by }, async (transaction) => {
    const done = await write(database, { client_id, id: known }, indexed, transaction)
    if (!done.ok) return { result: done, deeds: [] }
    const document = { id: known, title: indexed.title }
    return { result: done, deeds: [{ action: 'edited' as const, document }] }
  })
  return edited.ok ? openDocument(database, client_id, id) : edited
}

async function write(
  { sequelize }: Database,
  { client_id, id }: { client_id: string; id: string },
  document: IndexedDocument,
  transaction: Transaction,
): Promise<Result<null>> {
  const { title, url, hash } = document
  const select = { transaction, type: QueryTypes.SELECT } as const
  const twins = await sequelize.query(FIND_TWIN, { bind: [client_id, id, hash, url, title], ...select })
  if (twins.length > 0) return refuse('invalid_payload', TWIN)
  await sequelize.query('DELETE FROM knowledge_chunks WHERE client_id = $1 AND document_id = $2', {
    bind: [client_id, id],
    transaction,
  })
  const bind = [client_id, id, hash, title, url, ...passageValues(document)]
  const rows = await sequelize.query(WRITE, { bind, ...select })
  return rows.length === 0 ? refuse('not_found', NO_DOCUMENT) : succeed(null)
}

const TWIN = 'Another document is the same, or has this address, or without one this title.'

/** $1 client $2 the document $3 hash $4 url $5 title */
const FIND_TWIN = `
  SELECT id FROM knowledge_documents
  WHERE client_id = $1 AND id <> $2
    AND (content_hash = $3 OR url = $4 OR (url IS NULL AND $4::text IS NULL AND title = $5))
  LIMIT 1`

/** $1 client $2 the document $3 hash $4 title $5 url, then its passages */
const WRITE = `
  WITH document AS (
    UPDATE knowledge_documents SET content_hash = $3, title = $4, url = $5, updated_at = now()
    WHERE client_id = $1 AND id = $2 RETURNING id
  ), chunks AS (${INSERT_PASSAGES}
  )
  SELECT id FROM document`
