import { QueryTypes, type Transaction } from 'sequelize'
import type { Actor } from '../../models/actor.ts'
import { succeed, type Result } from '../../protocol/result.ts'
import type { Database } from '../infra/database.ts'
import { changeKnowledge } from './change-knowledge.ts'
import { prepare, type DocumentInput, type KeptDocument } from './document.ts'
import { indexDocument, INSERT_PASSAGES, passageValues, type IndexedDocument } from './indexed-document.ts'

export interface SavedDocument extends KeptDocument {
  /** `replaced`: it took the place of another version. `unchanged`: exactly it was there; nothing was written. */
  change: 'added' | 'replaced' | 'unchanged'
}

/**
 * Keeps a document of a client, once: the same again changes nothing, another version of it (of the same url, or
 * of the same title where neither has one) takes its place. Refused: as `changeKnowledge`, `invalid_payload` without
 * any words or with a url of another kind, `payload_too_large` over `DOCUMENT_LIMITS`.
 */
export async function saveDocument(
  database: Database,
  client_id: string,
  input: DocumentInput,
  by: Actor | null = null,
): Promise<Result<SavedDocument>> {
  const saved = await saveDocuments(database, client_id, [input], by)
  if (!saved.ok) return saved
  const [document] = saved.data
  if (!document) throw new Error('a document was saved and not returned')
  return succeed(document)
}

/** As `saveDocument`, all of them or none. */
export async function saveDocuments(
  database: Database,
  client_id: string,
  inputs: readonly DocumentInput[],
  by: Actor | null = null,
): Promise<Result<SavedDocument[]>> {
  const documents: IndexedDocument[] = []
  for (const input of inputs) {
    const ready = prepare(input)
    if (!ready.ok) return ready
    documents.push(await indexDocument(ready.data))
  }
  return changeKnowledge(database, { client_id, by }, async (transaction) => {
    const saved: SavedDocument[] = []
    for (const document of documents) saved.push(await write(database, client_id, document, transaction))
    const deeds = saved.flatMap(({ change, ...document }) =>
      change === 'unchanged' ? [] : [{ action: change, document }],
    )
    return { result: succeed(saved), deeds }
  })
}

async function write(
  database: Database,
  client_id: string,
  document: IndexedDocument,
  transaction: Transaction,
): Promise<SavedDocument> {
  const { title, kind, url, hash, passages } = document
  const rows = await database.sequelize.query<Pick<SavedDocument, 'id' | 'created_at' | 'change'>>(WRITE, {
    bind: [client_id, hash, title, kind, url, ...passageValues(document)],
    transaction,
    type: QueryTypes.SELECT,
  })
  const [row] = rows
  if (!row) throw new Error('a document was neither written nor found')
  return { ...row, title, kind, url, passages: passages.length }
}

const WRITE = `
  WITH same AS (
    SELECT id, created_at FROM knowledge_documents WHERE client_id = $1 AND content_hash = $2
  ), replaced AS (
    DELETE FROM knowledge_documents
    WHERE client_id = $1 AND content_hash <> $2
      AND (url = $5 OR (url IS NULL AND $5::text IS NULL AND title = $3))
    RETURNING id
  ), document AS (
    INSERT INTO knowledge_documents (client_id, content_hash, title, kind, url)
    SELECT $1, $2, $3, $4, $5 WHERE NOT EXISTS (SELECT FROM same)
    RETURNING id, created_at
  ), chunks AS (${INSERT_PASSAGES}
  )
  SELECT id, created_at, CASE WHEN EXISTS (SELECT FROM replaced) THEN 'replaced' ELSE 'added' END AS change
  FROM document
  UNION ALL SELECT id, created_at, 'unchanged' FROM same`
