import { setImmediate } from 'node:timers/promises'
import { QueryTypes, type Transaction } from 'sequelize'
import { refuse, succeed, type Result } from '../../protocol/result.ts'
import type { Database } from '../infra/database.ts'
import { prepare, type DocumentInput, type KeptDocument, type ReadyDocument } from './document.ts'
import { indexText, type IndexText } from './terms.ts'

/** What one client may keep: the search ranks every passage that shares a word with the question. */
export const CLIENT_LIMITS = { documents: 2_000, passages: 10_000 } as const

/** Passages whose terms are made without a pause. */
const PASSAGES_AT_ONCE = 25

export interface SavedDocument extends KeptDocument {
  /** `replaced`: it took the place of another version. `unchanged`: exactly it was there; nothing was written. */
  change: 'added' | 'replaced' | 'unchanged'
}

/**
 * Keeps a document of a client, once: the same again changes nothing, another version of it (of the same url, or
 * of the same title where neither has one) takes its place. Whatever changes raises the client's
 * `knowledge_version`. Refused: `not_found` without such a client, `invalid_payload` without any words or with a
 * url of another kind, `payload_too_large` over `DOCUMENT_LIMITS` or `CLIENT_LIMITS`.
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
  const documents: IndexedDocument[] = []
  for (const input of inputs) {
    const ready = prepare(input)
    if (!ready.ok) return ready
    documents.push(await index(ready.data))
  }
  try {
    return await database.transaction(async (transaction) => {
      if (!(await lockClient(database, client_id, transaction))) return refuse('not_found')
      const saved: SavedDocument[] = []
      for (const document of documents) saved.push(await write(database, client_id, document, transaction))
      if (saved.some(({ change }) => change !== 'unchanged'))
        await raiseVersion(database, client_id, transaction)
      return succeed(saved)
    })
  } catch (error) {
    if (error instanceof TooMuchKnowledge) return refuse('payload_too_large', error.message)
    throw error
  }
}

interface IndexedDocument extends ReadyDocument {
  /** The terms of each passage. */
  terms: { title: IndexText; content: IndexText }[]
}

/** Whoever else runs in this process gets its turn in between: a large document takes a second. */
async function index(document: ReadyDocument): Promise<IndexedDocument> {
  const terms: IndexedDocument['terms'] = []
  for (const { title, content } of document.passages) {
    terms.push({ title: indexText(title), content: indexText(content) })
    if (terms.length % PASSAGES_AT_ONCE === 0) await setImmediate()
  }
  return { ...document, terms }
}

/** Thrown inside the transaction, so that nothing of it is kept. */
class TooMuchKnowledge extends Error {
  override readonly name = 'TooMuchKnowledge'
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
  { title, kind, url, hash, passages, terms }: IndexedDocument,
  transaction: Transaction,
): Promise<SavedDocument> {
  const rows = await database.sequelize.query<Pick<SavedDocument, 'id' | 'created_at' | 'change'>>(WRITE, {
    bind: [
      client_id,
      hash,
      title,
      kind,
      url,
      passages.map((passage) => passage.title),
      passages.map((passage) => passage.content),
      terms.map((term) => term.title.english),
      terms.map((term) => term.title.simple),
      terms.map((term) => term.content.english),
      terms.map((term) => term.content.simple),
    ],
    transaction,
    type: QueryTypes.SELECT,
  })
  const [row] = rows
  if (!row) throw new Error('a document was neither written nor found')
  return { ...row, title, kind, url, passages: passages.length }
}

async function raiseVersion(database: Database, client_id: string, transaction: Transaction): Promise<void> {
  const [kept] = await database.sequelize.query<{ documents: number; passages: number }>(RAISE_VERSION, {
    bind: [client_id],
    transaction,
    type: QueryTypes.SELECT,
  })
  const over = (['documents', 'passages'] as const).find((what) => (kept?.[what] ?? 0) > CLIENT_LIMITS[what])
  if (over === undefined) return
  throw new TooMuchKnowledge(`A client keeps ${CLIENT_LIMITS[over].toLocaleString('en')} ${over} at most.`)
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
  SELECT id, created_at, CASE WHEN EXISTS (SELECT FROM replaced) THEN 'replaced' ELSE 'added' END AS change
  FROM document
  UNION ALL SELECT id, created_at, 'unchanged' FROM same`

const RAISE_VERSION = `
  UPDATE clients SET knowledge_version = knowledge_version + 1 WHERE id = $1
  RETURNING (SELECT count(*)::int FROM knowledge_documents WHERE client_id = $1) AS documents,
            (SELECT count(*)::int FROM knowledge_chunks WHERE client_id = $1) AS passages`
