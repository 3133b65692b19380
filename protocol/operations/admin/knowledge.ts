import {
  DocumentBody,
  DocumentRead,
  KNOWLEDGE_LIMITS,
  KnowledgeQuery,
  KnowledgeTrialBody,
  KnowledgeTried,
  NewDocumentBody,
} from '../../knowledge-keeping.ts'
import {
  DOCUMENT_BYTES,
  DOCUMENT_TYPES,
  DocumentImported,
  DocumentRemoved,
  DocumentsPage,
  ImportQuery,
} from '../../knowledge.ts'
import { DOCUMENT } from '../examples.ts'
import type { Operation, OperationKey } from '../operation.ts'
import { forPeople, PEOPLE_ERRORS } from './for-people.ts'

/** What a client's AI may quote, for the people who keep it. */

const READERS = forPeople('analyst', 'client')
const KEEPERS = forPeople('admin', 'client')

const READING = ['not_found', ...PEOPLE_ERRORS] as const
const CHANGING = ['invalid_payload', ...READING] as const

const PASSAGE = { title: 'May I return a sale item?', content: 'Yes, within 14 days.' }

const FAQ = { ...DOCUMENT, title: 'Questions', kind: 'faq' as const, passages: 1 }

const kept = (description: string) =>
  ({
    ...({ status: 200, description, schema: DocumentImported } as const),
    example: { change: 'added', document: FAQ },
  }) as const

const read = (description: string) =>
  ({
    ...({ status: 200, description, schema: DocumentRead } as const),
    example: { document: FAQ, passages: [PASSAGE] },
  }) as const

export const KNOWLEDGE_OPERATIONS = {
  'GET /api/admin/clients/:client_id/documents': {
    ...READERS,
    id: 'listClientDocuments',
    summary: 'List what a client’s AI may quote',
    description: 'The newest first; for the next page, give the last `id` as `after`.',
    query: { schema: KnowledgeQuery, example: { search: 'returns' } },
    success: {
      status: 200,
      description: 'A page of documents.',
      schema: DocumentsPage,
      example: { documents: [FAQ], has_more: false },
    },
    errors: CHANGING,
  },
  'POST /api/admin/clients/:client_id/documents/import': {
    ...KEEPERS,
    id: 'importClientDocument',
    summary: 'Import a document for a client’s AI',
    description:
      'The body is the file itself: Markdown, plain text, HTML or PDF, by its `Content-Type` or else by the ending of ' +
      '`name`. Another version, of the same `url` or else of the same title, takes the old one’s place.',
    query: { schema: ImportQuery, example: { name: 'returns.md' } },
    upload: { types: DOCUMENT_TYPES, bytes: DOCUMENT_BYTES },
    success: kept('The document, and what became of it.'),
    errors: ['document_unreadable', ...CHANGING],
  },
  'POST /api/admin/clients/:client_id/documents': {
    ...KEEPERS,
    id: 'createClientDocument',
    summary: 'Write a document for a client’s AI',
    description:
      'Either `passages` as they stand, such as questions with their answers, or `text` to be cut into passages.',
    body: {
      schema: NewDocumentBody,
      example: { title: 'Questions', kind: 'faq', passages: [PASSAGE] },
      bytes: KNOWLEDGE_LIMITS.bytes,
    },
    success: kept('The document, and what became of it.'),
    errors: CHANGING,
  },
  'GET /api/admin/clients/:client_id/documents/:document_id': {
    ...READERS,
    id: 'readClientDocument',
    summary: 'Read a document of a client’s AI',
    success: read('The document with its passages, in their order.'),
    errors: READING,
  },
  'PUT /api/admin/clients/:client_id/documents/:document_id': {
    ...KEEPERS,
    id: 'editClientDocument',
    summary: 'Edit a document of a client’s AI',
    description:
      'All of it takes the place of what was there; its id and kind stay. `invalid_payload` where another document is ' +
      'the same, or has its address, or without one its title.',
    body: {
      schema: DocumentBody,
      example: { title: 'Questions', passages: [{ ...PASSAGE, content: 'Yes, within 30 days.' }] },
      bytes: KNOWLEDGE_LIMITS.bytes,
    },
    success: read('The document as it is now.'),
    errors: CHANGING,
  },
  'POST /api/admin/clients/:client_id/knowledge/try': {
    ...READERS,
    id: 'tryKnowledge',
    summary: 'See what a question finds',
    description: 'As it would for a visitor, best first.',
    body: { schema: KnowledgeTrialBody, example: { question: 'Can I return a sale item?' } },
    success: {
      status: 200,
      description: 'What is found.',
      schema: KnowledgeTried,
      example: { passages: [{ document_id: DOCUMENT.id, ...PASSAGE, score: 3.2, in_prompt: true }] },
    },
    errors: CHANGING,
  },
  'DELETE /api/admin/clients/:client_id/documents/:document_id': {
    ...KEEPERS,
    id: 'removeClientDocument',
    summary: 'Remove a document of a client’s AI',
    success: {
      status: 200,
      description: 'What is gone.',
      schema: DocumentRemoved,
      example: { id: DOCUMENT.id },
    },
    errors: READING,
  },
} as const satisfies Record<OperationKey, Operation>
