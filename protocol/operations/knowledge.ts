import {
  DOCUMENT_BYTES,
  DOCUMENT_TYPES,
  DocumentImported,
  DocumentRemoved,
  DocumentsPage,
  DocumentsQuery,
  ImportQuery,
} from '../knowledge.ts'
import { DOCUMENT } from './examples.ts'
import type { Operation } from './operation.ts'

export const importDocument = {
  id: 'importDocument',
  summary: 'Import a document',
  description:
    'The body is the file itself: Markdown, plain text, HTML or PDF, by its `Content-Type` or else by the ending of ' +
    '`name`. A file that was imported before changes nothing; another version, of the same `url` or else of the same ' +
    'title, takes the old one’s place and has an id of its own.',
  tag: 'Knowledge',
  credentials: ['secret_key'],
  query: { schema: ImportQuery, example: { name: 'returns.md', url: 'https://shop.example/returns' } },
  upload: { types: DOCUMENT_TYPES, bytes: DOCUMENT_BYTES },
  success: {
    status: 200,
    description: 'The document, and what became of it.',
    schema: DocumentImported,
    example: { change: 'added', document: DOCUMENT },
  },
  errors: ['invalid_payload', 'unauthorized', 'document_unreadable', 'rate_limited'],
} as const satisfies Operation

export const listDocuments = {
  id: 'listDocuments',
  summary: 'List the documents',
  description: 'The newest first. For the next page, give the last `id` as `before`.',
  tag: 'Knowledge',
  credentials: ['secret_key'],
  query: { schema: DocumentsQuery, example: { limit: 50 } },
  success: {
    status: 200,
    description: 'A page of documents.',
    schema: DocumentsPage,
    example: { documents: [DOCUMENT], has_more: false },
  },
  errors: ['invalid_payload', 'unauthorized', 'rate_limited'],
} as const satisfies Operation

export const removeDocument = {
  id: 'removeDocument',
  summary: 'Remove a document',
  tag: 'Knowledge',
  credentials: ['secret_key'],
  success: {
    status: 200,
    description: 'What is gone.',
    schema: DocumentRemoved,
    example: { id: DOCUMENT.id },
  },
  errors: ['unauthorized', 'not_found', 'rate_limited'],
} as const satisfies Operation
