import { NoteBody, NoteRemoved, NotesPage, NotesQuery, NoteTold, type Note } from '../../notes.ts'
import { ADMIN, CONVERSATION } from '../examples.ts'
import { forPeople, PEOPLE_ERRORS } from './for-people.ts'
import type { Operation } from '../operation.ts'

/** What the people of the business write on conversations for each other. */

const NOTE: Note = {
  id: '2c8e5d71-93b0-4f6a-a1d4-0e7b9c3f5a62',
  conversation_id: CONVERSATION.id,
  author: { id: ADMIN.id, name: ADMIN.name },
  text: 'Asked for a refund before; see the order.',
  created_at: '2026-11-23T09:35:00.000Z',
}

const WRITERS = forPeople('agent', 'anyone')
const BODY = { schema: NoteBody, example: { text: NOTE.text } }
const ERRORS = ['invalid_payload', 'not_found', ...PEOPLE_ERRORS] as const

const told = (description: string, note: Note = NOTE) => ({
  ...({ status: 200, description, schema: NoteTold } as const),
  example: { note },
})

export const listNotes = {
  ...forPeople('analyst', 'anyone'),
  id: 'listNotes',
  summary: 'List the notes on a conversation',
  description: 'The newest first; for the next page, give the last `id` as `after`.',
  query: { schema: NotesQuery, example: { limit: 50 } },
  success: {
    status: 200,
    description: 'A page of notes.',
    schema: NotesPage,
    example: { notes: [NOTE], has_more: false },
  },
  errors: ERRORS,
} as const satisfies Operation

export const writeNote = {
  ...WRITERS,
  id: 'writeNote',
  summary: 'Write a note for colleagues',
  description: 'Who watches the conversation is told at once. Its visitor, and models, never read it.',
  body: BODY,
  success: told('The note.'),
  errors: ERRORS,
} as const satisfies Operation

export const changeNote = {
  ...WRITERS,
  id: 'changeNote',
  summary: 'Give a note other words',
  description: 'Only one’s own: those of others are `role_insufficient`.',
  body: BODY,
  success: told('The note as it is now.', { ...NOTE, changed_at: '2026-11-23T09:36:00.000Z' }),
  errors: ERRORS,
} as const satisfies Operation

export const removeNote = {
  ...WRITERS,
  id: 'removeNote',
  summary: 'Take a note away',
  description: 'One’s own; from the role of admin on, anybody’s.',
  success: {
    status: 200,
    description: 'Which note is gone.',
    schema: NoteRemoved,
    example: { id: NOTE.id },
  },
  errors: ['not_found', ...PEOPLE_ERRORS],
} as const satisfies Operation
