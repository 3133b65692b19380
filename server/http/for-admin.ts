import type { OperationName } from '../../protocol/operations/index.ts'
import { refuse, succeed, type Result } from '../../protocol/result.ts'
import type { Person } from '../auth/admins/sessions.ts'
import { answer } from './answer.ts'
import type { Answer, Endpoint, Input } from './endpoint.ts'
import type { HttpContext, HttpParts } from './http-env.ts'
import { bearer, limitRequests } from './speaker.ts'

/**
 * What a person of the business may ask, by an access token: who it is comes first, as that person is now, then what
 * is asked, then the deed. What the person may see is found through `person.client_id`.
 */
export function forAdmin<K extends OperationName>(
  parts: HttpParts,
  run: (person: Person, input: Input<K>, c: HttpContext) => Answer<K> | Promise<Answer<K>>,
): Endpoint<K> {
  return async (c, read) => {
    const person = await authenticateAdmin(c, parts)
    if (!person.ok) return answer(c, person)
    const input = await read()
    return answer(c, input.ok ? await run(person.data, input.data, c) : input)
  }
}

async function authenticateAdmin(c: HttpContext, parts: HttpParts): Promise<Result<Person>> {
  const excess = await limitRequests(c, parts)
  if (excess !== null) return excess
  const token = bearer(c)
  const person = token === null ? null : await parts.admins.find(token)
  return person === null ? refuse('unauthorized') : succeed(person)
}
