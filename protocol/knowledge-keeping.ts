import Type, { type Static } from 'typebox'
import { KnowledgeDocument } from './knowledge.ts'
import { paging } from './paging.ts'
import { Uuid } from './records.ts'

const closed = { additionalProperties: false }

/** Characters of what people write, and passages of one document; the bytes of all of it. */
export const KNOWLEDGE_LIMITS = {
  title: 300,
  passage: 8_000,
  passages: 2_000,
  text: 1_000_000,
  question: 2_000,
  found: 20,
  bytes: 4 * 1024 * 1024,
} as const

const title = Type.String({ minLength: 1, maxLength: KNOWLEDGE_LIMITS.title, format: 'text' })
const url = Type.String({ maxLength: 2_000, pattern: '^https?://' })

/** One part of a document, as it is found and quoted; of a FAQ, a question and its answer. */
export const KnowledgePassage = Type.Object(
  {
    title,
    content: Type.String({ minLength: 1, maxLength: KNOWLEDGE_LIMITS.passage, format: 'text' }),
  },
  closed,
)
export type KnowledgePassage = Static<typeof KnowledgePassage>

const passages = Type.Array(KnowledgePassage, { minItems: 1, maxItems: KNOWLEDGE_LIMITS.passages })

export const KnowledgeQuery = Type.Object(
  {
    search: Type.Optional(Type.String({ maxLength: 100, description: 'A part of the title or address.' })),
    kind: Type.Optional(KnowledgeDocument.properties.kind),
    ...paging,
  },
  closed,
)
export type KnowledgeQuery = Static<typeof KnowledgeQuery>

/** Either passages as they stand, or text to be cut into passages. */
export const NewDocumentBody = Type.Object(
  {
    title,
    kind: Type.Enum(['faq', 'text', 'markdown']),
    url: Type.Optional(url),
    passages: Type.Optional(passages),
    text: Type.Optional(Type.String({ minLength: 1, maxLength: KNOWLEDGE_LIMITS.text, format: 'text' })),
  },
  closed,
)
export type NewDocumentBody = Static<typeof NewDocumentBody>

/** Everything that can be edited of a document: it takes the place of what was there. */
export const DocumentBody = Type.Object({ title, url: Type.Optional(url), passages }, closed)
export type DocumentBody = Static<typeof DocumentBody>

export const DocumentRead = Type.Object({
  document: KnowledgeDocument,
  passages: Type.Array(Type.Object({ title: Type.String(), content: Type.String() })),
})
export type DocumentRead = Static<typeof DocumentRead>

export const KnowledgeTrialBody = Type.Object(
  {
    question: Type.String({ minLength: 1, maxLength: KNOWLEDGE_LIMITS.question, format: 'text' }),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: KNOWLEDGE_LIMITS.found })),
  },
  closed,
)
export type KnowledgeTrialBody = Static<typeof KnowledgeTrialBody>

/** What is found for a question, best first. */
export const KnowledgeTried = Type.Object({
  passages: Type.Array(
    Type.Object({
      document_id: Uuid,
      title: Type.String(),
      content: Type.String(),
      url: Type.Optional(Type.String()),
      score: Type.Number({ description: 'Higher is better; comparable within one trial only.' }),
      in_prompt: Type.Boolean({ description: 'The AI reads it unasked, with this question.' }),
    }),
  ),
})
export type KnowledgeTried = Static<typeof KnowledgeTried>
