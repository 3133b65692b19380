import type { AdminEvents } from '../../protocol/admin.ts'
import { NOTE_LIMITS, type Note, type NotesPage, type NotesQuery } from '../../protocol/notes.ts'
import type { PersonNamed } from '../../protocol/presence.ts'
import type { Author } from '../../protocol/records.ts'
import { refuse, succeed, type Result } from '../../protocol/result.ts'
import { isAtLeast, type AdminRole } from '../../protocol/roles.ts'
import { findConversation, type WatchedPlace } from '../conversation/find-conversation.ts'
import type { Database, Statement } from '../infra/database.ts'

/** What colleagues are told of notes. */
export type NoteEvent = 'note:created' | 'note:changed' | 'note:removed'

/** Tells who watches the conversation, on every node; who is not reached sees it when the notes are read again. */
export type TellColleagues = <E extends NoteEvent>(event: E, told: Parameters<AdminEvents[E]>[0]) => void

export interface NotesParts {
  database: Pick<Database, 'run'>
  tell: TellColleagues
}

/** A conversation, and who writes about it. */
export interface NotePlace extends WatchedPlace {
  person: PersonNamed & { role: AdminRole }
}

/** What the people of the business write on conversations for each other. Each deed is told in the audit log. */
export interface Notes {
  /** The newest first. `not_found`: this client has no such conversation. */
  list(place: WatchedPlace, query: NotesQuery): Promise<Result<NotesPage>>
  /** Refuses with `not_found`, and with `invalid_payload` where there are too many. */
  write(place: NotePlace, text: string): Promise<Result<{ note: Note }>>
  /** Only by who wrote it: `role_insufficient` for all others. */
  change(place: NotePlace, id: string, text: string): Promise<Result<{ note: Note }>>
  /** By who wrote it, and from the role of admin on by anybody. */
  remove(place: NotePlace, id: string): Promise<Result<{ id: string }>>
}

/** Keeps them in `database`. */
export function createNotes({ database, tell }: NotesParts): Notes {
  async function find({ client_id, conversation_id }: WatchedPlace, id: string): Promise<NoteRow | null> {
    const [row] = await database.run<NoteRow>(FIND, [conversation_id, client_id, id])
    return row ?? null
  }

  return {
    async list(place, { after, limit = PAGE }) {
      const found = await findConversation(database, place)
      if (found === null) return refuse('not_found')
      const rows = await database.run<NoteRow>(LIST, [found.id, after ?? null, limit + 1])
      return succeed({ notes: rows.slice(0, limit).map(present), has_more: rows.length > limit })
    },

    async write({ client_id, conversation_id, person }, text) {
      const values = [conversation_id, client_id, person.id, authorOf(person), text, NOTE_LIMITS.count]
      const [row] = await database.run<NoteRow | { id: null }>(WRITE, values)
      if (!row) return refuse('not_found')
      if (row.id === null) return refuse('invalid_payload', 'There are too many notes on this conversation.')
      const note = present(row)
      tell('note:created', { conversation_id, note })
      return succeed({ note })
    },

    async change(place, id, text) {
      const found = await find(place, id)
      if (found === null) return refuse('not_found')
      if (found.admin_id !== place.person.id)
        return refuse('role_insufficient', 'Somebody else wrote this note.')
      const [row] = await database.run<NoteRow>(CHANGE, [found.id, text, place.person.id])
      if (!row) return refuse('not_found')
      const note = present(row)
      tell('note:changed', { conversation_id: note.conversation_id, note })
      return succeed({ note })
    },

    async remove(place, id) {
      const found = await find(place, id)
      if (found === null) return refuse('not_found')
      const { person, conversation_id } = place
      if (found.admin_id !== person.id && !isAtLeast(person.role, 'admin')) return refuse('role_insufficient')
      const [row] = await database.run<{ id: string }>(REMOVE, [found.id, person.id])
      if (!row) return refuse('not_found')
      tell('note:removed', { conversation_id, id: row.id })
      return succeed({ id: row.id })
    },
  }
}

/** Notes of a page where no number is asked. */
const PAGE = 50

interface NoteRow {
  id: string
  conversation_id: string
  admin_id: string
  author: Author
  text: string
  created_at: Date
  changed_at: Date | null
}

const COLUMNS = 'id, conversation_id, admin_id, author, text, created_at, changed_at'

/** The statement that adds an entry of the audit log for each row of `n`, by the admin in `by`. */
function audited(action: string, by: string): string {
  return `INSERT INTO audit_log (client_id, conversation_id, actor, actor_id, action, details)
      SELECT c.client_id, c.id, 'admin', ${by}::uuid, '${action}', jsonb_build_object('note_id', n.id)
      FROM n JOIN conversations c ON c.id = n.conversation_id`
}

/** $1 conversation $2 the last of the page before, or null $3 how many */
const LIST: Statement = {
  name: 'desk/list-notes',
  text: `
    SELECT ${COLUMNS} FROM conversation_notes
    WHERE conversation_id = $1::uuid AND ($2::uuid IS NULL
      OR (created_at, id) < (SELECT a.created_at, a.id FROM conversation_notes a WHERE a.id = $2::uuid))
    ORDER BY created_at DESC, id DESC LIMIT $3::int`,
}

/** $1 conversation $2 client, or null for any $3 note */
const FIND: Statement = {
  name: 'desk/find-note',
  text: `
    SELECT ${COLUMNS} FROM conversation_notes
    WHERE id = $3::uuid AND conversation_id = (
      SELECT c.id FROM conversations c WHERE c.id = $1::uuid AND ($2::uuid IS NULL OR c.client_id = $2::uuid))`,
}

/** No row: no such conversation. A row of nulls: it has as many as it may. $3 admin $4 author $5 text $6 how many */
const WRITE: Statement = {
  name: 'desk/write-note',
  text: `
    WITH v AS (
      SELECT id FROM conversations WHERE id = $1::uuid AND ($2::uuid IS NULL OR client_id = $2::uuid)
    ), n AS (
      INSERT INTO conversation_notes (conversation_id, admin_id, author, text)
      SELECT id, $3::uuid, $4::jsonb, $5::text FROM v
      WHERE (SELECT count(*) FROM conversation_notes o WHERE o.conversation_id = v.id) < $6::int
      RETURNING ${COLUMNS}
    ), a AS (${audited('note.created', '$3')})
    SELECT n.* FROM v LEFT JOIN n ON true`,
}

/** $1 note $2 text $3 admin, who wrote it */
const CHANGE: Statement = {
  name: 'desk/change-note',
  text: `
    WITH n AS (
      UPDATE conversation_notes SET text = $2::text, changed_at = clock_timestamp()
      WHERE id = $1::uuid AND admin_id = $3::uuid RETURNING ${COLUMNS}
    ), a AS (${audited('note.changed', '$3')})
    SELECT * FROM n`,
}

/** $1 note $2 admin */
const REMOVE: Statement = {
  name: 'desk/remove-note',
  text: `
    WITH n AS (DELETE FROM conversation_notes WHERE id = $1::uuid RETURNING ${COLUMNS}),
    a AS (${audited('note.removed', '$2')})
    SELECT id FROM n`,
}

function authorOf({ name, avatar_url }: PersonNamed): Author {
  return { name, ...(avatar_url !== undefined && { avatar_url }) }
}

function present(row: NoteRow): Note {
  const { id, conversation_id, admin_id, author, text, created_at, changed_at } = row
  return {
    ...{ id, conversation_id, author: { id: admin_id, ...author }, text },
    created_at: created_at.toISOString(),
    ...(changed_at !== null && { changed_at: changed_at.toISOString() }),
  }
}
