import type { Colleague, ColleagueTold } from '../../../../protocol/people.ts'
import { succeed, type Result } from '../../../../protocol/result.ts'
import { makePassword } from '../../../auth/admins/make-password.ts'
import * as people from '../../../auth/admins/list-people.ts'
import type { Endpoint } from '../../endpoint.ts'
import { forAdmin } from '../../for-admin.ts'
import type { HttpContext, HttpParts } from '../../http-env.ts'

export function listPeople(parts: HttpParts): Endpoint<'GET /api/admin/people'> {
  return forAdmin(parts, async ({ person }, { query }) => {
    const page = await people.listPeople(parts.database, person.client_id, query)
    return succeed({ ...page, people: page.people.map(present) })
  })
}

export function invitePerson(parts: HttpParts): Endpoint<'POST /api/admin/people'> {
  return forAdmin(parts, async (asking, { body }) => {
    const { client_id, password = makePassword(), ...wish } = body
    const client = client_id === null ? null : { id: client_id.toLowerCase() }
    const made = await parts.people.create({ ...wish, client, password }, asking)
    return told(made, body.password === undefined ? { password } : {})
  })
}

export function changePerson(parts: HttpParts): Endpoint<'PATCH /api/admin/people/:person_id'> {
  return forAdmin(parts, async (asking, { body }, c) =>
    told(await parts.people.change(nameOf(c), body, asking)),
  )
}

export function disablePerson(parts: HttpParts): Endpoint<'POST /api/admin/people/:person_id/disable'> {
  return forAdmin(parts, async (asking, _input, c) => told(await parts.people.disable(nameOf(c), asking)))
}

export function enablePerson(parts: HttpParts): Endpoint<'POST /api/admin/people/:person_id/enable'> {
  return forAdmin(parts, async (asking, _input, c) => told(await parts.people.enable(nameOf(c), asking)))
}

export function unlockPerson(parts: HttpParts): Endpoint<'POST /api/admin/people/:person_id/unlock'> {
  return forAdmin(parts, async (asking, _input, c) => told(await parts.people.unlock(nameOf(c), asking)))
}

export function setPersonPassword(parts: HttpParts): Endpoint<'POST /api/admin/people/:person_id/password'> {
  return forAdmin(parts, async (asking, { body }, c) => {
    const { password = makePassword() } = body
    const set = await parts.people.setPassword(nameOf(c), password, asking)
    return told(set, body.password === undefined ? { password } : {})
  })
}

export function signPersonOut(parts: HttpParts): Endpoint<'POST /api/admin/people/:person_id/sign-out'> {
  return forAdmin(parts, async (asking, _input, c) => {
    const ended = await parts.people.signOut(nameOf(c), asking)
    return ended.ok ? succeed({ ended: ended.data }) : ended
  })
}

function nameOf(c: HttpContext): { id: string } {
  return { id: (c.req.param('person_id') ?? '').toLowerCase() }
}

function told(person: Result<people.KeptPerson>, more: { password?: string } = {}): Result<ColleagueTold> {
  return person.ok ? succeed({ person: present(person.data), ...more }) : person
}

function present(kept: people.KeptPerson): Colleague {
  const { id, email, name, avatar_url, role, client_id, created_at } = kept
  const profile = { id, email, name, ...(avatar_url !== null && { avatar_url }), role, client_id }
  return { ...profile, state: stateOf(kept), created_at: created_at.toISOString() }
}

function stateOf({ disabled_at, locked_until }: people.KeptPerson): Colleague['state'] {
  if (disabled_at !== null) return 'disabled'
  return locked_until !== null && locked_until > new Date() ? 'locked' : 'enabled'
}
