import { createHash } from 'node:crypto'
import { QueryTypes, type Transaction } from 'sequelize'
import { refuse, succeed, type Result } from '../../protocol/result.ts'
import type { Database } from '../infra/database.ts'
import { chunk, type PassageText } from './chunk.ts'
import { indexText } from './terms.ts'

/** What one document may hold. Characters are UTF-16 units. */
export const DOCUMENT_LIMITS = { text: 1_000_000, passages: 2_000, passage: 8_000, title: 300 } as const

export type DocumentKind = 'faq' | 'text' | 'markdown' | 'html' | 'pdf'

/**
 * A document to keep: passages as they stand (a FAQ: question and answer), or text to be cut into passages.
 * Whoever reads HTML or PDF hands over its plain text.
 */
export type DocumentInput = { title: string; kind: DocumentKind; url?: string } & (
  { passages: readonly PassageText[] } | { text: string }
)

export interface SavedDocument {
  id: string
  /** False when exactly this document was there already: then nothing was written. */
  changed: boolean
  passages: number
}

/**
 * Keeps a document of a client, once: the same again changes nothing, another version of it (of the same url, or
 * of the same title where neither has one) takes its place. Refused: `not_found` without such a client,
 * `invalid_payload` without any words, `payload_too_large` over `DOCUMENT_LIMITS`.
 */
export async function saveDocument(
  database: Database,
  client_id: string,
  input: DocumentInput,
): Promise<Result<SavedDocument>> {
  const saved = await saveDocuments(database, client_id, [input])
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
): Promise<Result<SavedDocument[]>> {
  const documents: ReadyDocument[] = []
  for (const input of inputs) {
    const ready = prepare(input)
    if (!ready.ok) return ready
    documents.push(ready.data)
  }
  return database.transaction(async (transaction) => {
    if (!(await lockClient(database, client_id, transaction))) return refuse('not_found')
    const saved: SavedDocument[] = []
    for (const document of documents) saved.push(await write(database, client_id, document, transaction))
    return succeed(saved)
  })
}

interface ReadyDocument {
  title: string
  kind: DocumentKind
  url: string | null
  hash: Buffer
  passages: PassageText[]
}

function prepare(input: DocumentInput): Result<ReadyDocument> {
  const title = clean(input.title)
  const length = 'text' in input ? input.text.length : 0
  if (length > DOCUMENT_LIMITS.text || title.length > DOCUMENT_LIMITS.title)
    return refuse('payload_too_large')
  const passages = readPassages(title, input)
  if (title === '' || passages.length === 0) return refuse('invalid_payload', 'The document is empty.')
  const tooLong = passages.some((passage) => passage.content.length > DOCUMENT_LIMITS.passage)
  if (tooLong || passages.length > DOCUMENT_LIMITS.passages) return refuse('payload_too_large')
  const url = input.url ?? null
  const hash = createHash('sha256')
    .update(JSON.stringify([title, input.kind, url, passages]))
    .digest()
  return succeed({ title, kind: input.kind, url, hash, passages })
}

function readPassages(title: string, input: DocumentInput): PassageText[] {
  if ('text' in input) return chunk(title, clean(input.text), input.kind === 'markdown' ? 'markdown' : 'text')
  return input.passages
    .map((passage) => ({ title: clean(passage.title) || title, content: clean(passage.content) }))
    .filter((passage) => passage.content !== '')
}

/** Postgres keeps neither NUL nor halves of characters. */
function clean(text: string): string {
  return text.replaceAll('\0', '').replaceAll('\r\n', '\n').toWellFormed().trim()
}

/** Two versions saved at once come one after the other, so that the later one sees what it replaces. */
async function lockClient(database: Database, client_id: string, transaction: Transaction): Promise<boolean> {
  const rows = await database.sequelize.query('SELECT id FROM clients WHERE id = $1 FOR NO KEY UPDATE', {
    bind: [client_id],
    transaction,
    type: QueryTypes.SELECT,
  })
  return rows.length > 0
}

async function write(
  database: Database,
  client_id: string,
  { title, kind, url, hash, passages }: ReadyDocument,
  transaction: Transaction,
): Promise<SavedDocument> {
  const titles = passages.map((passage) => indexText(passage.title))
  const contents = passages.map((passage) => indexText(passage.content))
  const rows = await database.sequelize.query<{ id: string; changed: boolean }>(WRITE, {
    bind: [
      client_id,
      hash,
      title,
      kind,
      url,
      passages.map((passage) => passage.title),
      passages.map((passage) => passage.content),
      titles.map((text) => text.english),
      titles.map((text) => text.simple),
      contents.map((text) => text.english),
      contents.map((text) => text.simple),
    ],
    transaction,
    type: QueryTypes.SELECT,
  })
  const [row] = rows
  if (!row) throw new Error('a document was neither written nor found')
  return { ...row, passages: passages.length }
}

const WRITE = `
  WITH same AS (
    SELECT id FROM knowledge_documents WHERE client_id = $1 AND content_hash = $2
  ), replaced AS (
    DELETE FROM knowledge_documents
    WHERE client_id = $1 AND content_hash <> $2
      AND (url = $5 OR (url IS NULL AND $5::text IS NULL AND title = $3))
  ), document AS (
    INSERT INTO knowledge_documents (client_id, content_hash, title, kind, url)
    SELECT $1, $2, $3, $4, $5 WHERE NOT EXISTS (SELECT FROM same)
    RETURNING id
  ), chunks AS (
    INSERT INTO knowledge_chunks (client_id, document_id, position, title, content, terms)
    SELECT $1, document.id, passage.position, passage.title, passage.content,
      setweight(to_tsvector('english', passage.title_english), 'A') ||
      setweight(to_tsvector('simple', passage.title_simple), 'A') ||
      setweight(to_tsvector('english', passage.english), 'B') ||
      setweight(to_tsvector('simple', passage.simple), 'B')
    FROM document, unnest($6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[])
      WITH ORDINALITY AS passage(title, content, title_english, title_simple, english, simple, position)
  )
  SELECT id, true AS changed FROM document UNION ALL SELECT id, false FROM same`
