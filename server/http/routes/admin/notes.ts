import type { Person } from '../../../auth/admins/sessions.ts'
import type { NotePlace } from '../../../desk/notes.ts'
import type { Endpoint } from '../../endpoint.ts'
import { forAdmin, idIn } from '../../for-admin.ts'
import type { HttpContext, HttpParts } from '../../http-env.ts'

export function listNotes(parts: HttpParts): Endpoint<'GET /api/admin/conversations/:conversation_id/notes'> {
  return forAdmin(parts, ({ person }, { query }, c) => parts.notes.list(placeOf(person, c), query))
}

export function writeNote(
  parts: HttpParts,
): Endpoint<'POST /api/admin/conversations/:conversation_id/notes'> {
  return forAdmin(parts, ({ person }, { body }, c) => parts.notes.write(placeOf(person, c), body.text))
}

export function changeNote(
  parts: HttpParts,
): Endpoint<'PATCH /api/admin/conversations/:conversation_id/notes/:note_id'> {
  return forAdmin(parts, ({ person }, { body }, c) =>
    parts.notes.change(placeOf(person, c), idIn(c, 'note_id'), body.text),
  )
}

export function removeNote(
  parts: HttpParts,
): Endpoint<'DELETE /api/admin/conversations/:conversation_id/notes/:note_id'> {
  return forAdmin(parts, ({ person }, _input, c) =>
    parts.notes.remove(placeOf(person, c), idIn(c, 'note_id')),
  )
}

function placeOf({ id, name, avatar_url, role, client_id }: Person, c: HttpContext): NotePlace {
  const named = { id, name, role, ...(avatar_url !== null && { avatar_url }) }
  return { client_id, conversation_id: idIn(c, 'conversation_id'), person: named }
}
