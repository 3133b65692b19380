import type { Actor } from '../../models/actor.ts'
import type { Audience } from '../../protocol/operations/operation.ts'
import type { OperationName } from '../../protocol/operations/index.ts'
import { refuse, succeed, type Result } from '../../protocol/result.ts'
import { isAtLeast } from '../../protocol/roles.ts'
import type { SignedInPerson } from '../auth/admins/index.ts'
import type { Person } from '../auth/admins/sessions.ts'
import { isUuid } from '../infra/uuid.ts'
import { answer } from './answer.ts'
import type { Answer, Endpoint, Input } from './endpoint.ts'
import type { HttpContext, HttpParts } from './http-env.ts'
import { bearer, limitRequests } from './speaker.ts'

/** Somebody of the business who asks. */
export interface Asking {
  person: SignedInPerson
  /** The same person, as the audit log names who did something. */
  by: Actor
}

/** Somebody who asks about the client that the path names, and may. */
export interface AskingAbout extends Asking {
  client_id: string
}

/**
 * What a person of the business may ask, by an access token: who it is comes first, as that person is now, then whether
 * it is of the operation's audience, then what is asked, then the deed.
 */
export function forAdmin<K extends OperationName>(
  parts: HttpParts,
  run: (asking: Asking, input: Input<K>, c: HttpContext) => Said<K> | Promise<Said<K>>,
): Endpoint<K> {
  return async (c, read, { audience }) => {
    const asking = await admit(c, parts, audience)
    if (!asking.ok) return answer(c, asking)
    const input = await read()
    const said = input.ok ? await run(asking.data, input.data, c) : input
    return said instanceof Response ? said : answer(c, said)
  }
}

/** What is streamed answers for itself. */
type Said<K extends OperationName> = Answer<K> | Response

type OfClient = Extract<OperationName, `${string}/:client_id${string}`>

/** The same about the client in the path. That of others is not found. */
export function forClientAdmin<K extends OfClient>(
  parts: HttpParts,
  run: (asking: AskingAbout, input: Input<K>, c: HttpContext) => Answer<K> | Promise<Answer<K>>,
): Endpoint<K> {
  return forAdmin(parts, (asking, input, c) => {
    return run({ ...asking, client_id: idIn(c, 'client_id') }, input, c)
  })
}

/** The id that stands in the path under this name, as it is kept. */
export function idIn(c: HttpContext, name: string): string {
  return (c.req.param(name) ?? '').toLowerCase()
}

export async function admit(
  c: HttpContext,
  parts: HttpParts,
  audience: Audience | undefined,
): Promise<Result<Asking>> {
  if (audience === undefined) throw new Error('an operation for people of the business names its audience')
  const excess = await limitRequests(c, parts)
  if (excess !== null) return excess
  const token = bearer(c)
  const person = token === null ? null : await parts.admins.find(token)
  if (person === null) return refuse('unauthorized')
  const names = Object.keys(c.req.param())
  const clientId = names.includes('client_id') ? idIn(c, 'client_id') : undefined
  const refused = refusal(person, audience, clientId)
  if (refused !== null) return refused
  // What is no id names nothing, and no statement takes it.
  const isId = (name: string) => !name.endsWith('_id') || isUuid(idIn(c, name))
  if (!names.every(isId)) return refuse('not_found')
  return succeed({ person, by: { actor: 'admin', actor_id: person.id } })
}

/** Whose client it is comes before the role: nobody learns which clients there are. */
function refusal(
  { client_id, role }: Person,
  { least, of }: Audience,
  clientId: string | undefined,
): Result<never> | null {
  if (of === 'client' && client_id !== null && client_id !== clientId) return refuse('not_found')
  const isInside = of !== 'installation' || client_id === null
  return isInside && isAtLeast(role, least) ? null : refuse('role_insufficient')
}
