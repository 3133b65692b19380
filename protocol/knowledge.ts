import Type, { type Static } from 'typebox'
import { Timestamp, Uuid } from './records.ts'

const closed = { additionalProperties: false }

/** What a file to be read may be, by its media type, and how large, in bytes. */
export const DOCUMENT_TYPES = ['text/markdown', 'text/plain', 'text/html', 'application/pdf'] as const
export const DOCUMENT_BYTES = 10 * 1024 * 1024

/** Documents of one page at most. */
export const DOCUMENTS_PAGE = 100

/** What a file that is sent is called, and where people read it. */
export const ImportQuery = Type.Object(
  {
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 300 })),
    title: Type.Optional(Type.String({ minLength: 1, maxLength: 300 })),
    url: Type.Optional(Type.String({ maxLength: 2_000, pattern: '^https?://' })),
  },
  closed,
)
export type ImportQuery = Static<typeof ImportQuery>

/** A page of documents, the newest first; `before` is the last one of the page before it. */
export const DocumentsQuery = Type.Object(
  {
    before: Type.Optional(Uuid),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: DOCUMENTS_PAGE })),
  },
  closed,
)
export type DocumentsQuery = Static<typeof DocumentsQuery>

/** What the agent may quote: one file, page or list of questions. */
export const KnowledgeDocument = Type.Object({
  id: Uuid,
  title: Type.String(),
  kind: Type.Enum(['faq', 'text', 'markdown', 'html', 'pdf']),
  url: Type.Optional(Type.String()),
  /** How many parts it was cut into. */
  passages: Type.Integer({ minimum: 0 }),
  created_at: Timestamp,
})
export type KnowledgeDocument = Static<typeof KnowledgeDocument>

export const DocumentsPage = Type.Object({
  documents: Type.Array(KnowledgeDocument),
  has_more: Type.Boolean(),
})
export type DocumentsPage = Static<typeof DocumentsPage>

export const DocumentImported = Type.Object({
  /** `unchanged`: exactly this document was there. `replaced`: another version of it was, and is no more. */
  change: Type.Enum(['added', 'replaced', 'unchanged']),
  document: KnowledgeDocument,
})
export type DocumentImported = Static<typeof DocumentImported>

export const DocumentRemoved = Type.Object({ id: Uuid })
export type DocumentRemoved = Static<typeof DocumentRemoved>
