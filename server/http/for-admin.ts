import type { Actor } from '../../models/actor.ts'
import type { Audience } from '../../protocol/operations/operation.ts'
import type { OperationName } from '../../protocol/operations/index.ts'
import { refuse, succeed, type Result } from '../../protocol/result.ts'
import { isAtLeast } from '../../protocol/roles.ts'
import type { Person } from '../auth/admins/sessions.ts'
import { isUuid } from '../infra/uuid.ts'
import { answer } from './answer.ts'
import type { Answer, Endpoint, Input } from './endpoint.ts'
import type { HttpContext, HttpParts } from './http-env.ts'
import { bearer, limitRequests } from './speaker.ts'

/** Somebody of the business who asks. */
export interface Asking {
  person: Person
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
  run: (asking: Asking, input: Input<K>, c: HttpContext) => Answer<K> | Promise<Answer<K>>,
): Endpoint<K> {
  return async (c, read, { audience }) => {
    const asking = await admit(c, parts, audience)
    if (!asking.ok) return answer(c, asking)
    const input = await read()
    return answer(c, input.ok ? await run(asking.data, input.data, c) : input)
  }
}

type OfClient = Extract<OperationName, `${string}/:client_id${string}`>

/** The same about the client in the path. That of others is not found. */
export function forClientAdmin<K extends OfClient>(
  parts: HttpParts,
  run: (asking: AskingAbout, input: Input<K>, c: HttpContext) => Answer<K> | Promise<Answer<K>>,
): Endpoint<K> {
  return forAdmin(parts, (asking, input, c) => {
    const client_id = (c.req.param('client_id') ?? '').toLowerCase()
    return run({ ...asking, client_id }, input, c)
  })
}

async function admit(
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
  const clientId = c.req.param('client_id')?.toLowerCase()
  return (
    refusal(person, audience, clientId) ?? succeed({ person, by: { actor: 'admin', actor_id: person.id } })
  )
}

/** Whose client it is comes before the role: nobody learns which clients there are. */
function refusal(
  { client_id, role }: Person,
  { least, of }: Audience,
  clientId: string | undefined,
): Result<never> | null {
  if (of === 'client' && client_id !== null && client_id !== clientId) return refuse('not_found')
  const isInside = of !== 'installation' || client_id === null
  if (!isInside || !isAtLeast(role, least)) return refuse('role_insufficient')
  return clientId === undefined || isUuid(clientId) ? null : refuse('not_found')
}
