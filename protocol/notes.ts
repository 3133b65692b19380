import Type, { type Static } from 'typebox'
import { paging } from './paging.ts'
import { PersonNamed } from './presence.ts'
import { Timestamp, Uuid } from './records.ts'

const closed = { additionalProperties: false }

/** Characters of one note; and notes of one conversation. */
export const NOTE_LIMITS = { text: 4_000, count: 500 } as const

/** What somebody of the business wrote for colleagues. Its visitor, and models, never read it. */
export const Note = Type.Object(
  {
    id: Uuid,
    conversation_id: Uuid,
    author: PersonNamed,
    text: Type.String(),
    created_at: Timestamp,
    changed_at: Type.Optional(Timestamp),
  },
  { description: 'What somebody wrote for colleagues. Visitors and models never read it.' },
)
export type Note = Static<typeof Note>

export const NoteTold = Type.Object({ note: Note })
export type NoteTold = Static<typeof NoteTold>

export const NoteBody = Type.Object(
  { text: Type.String({ minLength: 1, maxLength: NOTE_LIMITS.text, format: 'text' }) },
  closed,
)
export type NoteBody = Static<typeof NoteBody>

export const NotesQuery = Type.Object({ ...paging }, closed)
export type NotesQuery = Static<typeof NotesQuery>

export const NotesPage = Type.Object({ notes: Type.Array(Note), has_more: Type.Boolean() })
export type NotesPage = Static<typeof NotesPage>

export const NoteRemoved = Type.Object({ id: Uuid })
export type NoteRemoved = Static<typeof NoteRemoved>
