import { RATES } from '../../../protocol/limits.ts'
import { refuse, succeed } from '../../../protocol/result.ts'
import { startSession as start } from '../../auth/start-session.ts'
import { answer } from '../answer.ts'
import { addressGroup } from '../client-address.ts'
import type { Answer, Endpoint, Input } from '../endpoint.ts'
import type { HttpContext, HttpParts } from '../http-env.ts'
import { allow } from '../speaker.ts'

type Operation = 'POST /api/v1/sessions/start'

/** A new session for a visitor of the client whose key is given, to whoever may speak for that client. */
export function startSession(parts: HttpParts): Endpoint<Operation> {
  return async (c, read) => {
    const key = `sessions:${addressGroup(c.get('address'))}`
    const allowance = await parts.limits.take(key, RATES.addressSessions)
    if (!allowance.allowed) return answer(c, refuse('rate_limited', undefined, allowance.retryAfterMs))
    const input = await read()
    return answer(c, input.ok ? await started(c, input.data) : input, 201)
  }

  async function started(c: HttpContext, { body }: Input<Operation>): Promise<Answer<Operation>> {
    const client = await parts.directory.findByKey(body.client_api_key)
    if (client === null) return refuse('client_unknown')
    if (!allow(c, client, parts)) return refuse('origin_not_allowed')
    const { identity_token, ...wish } = body
    const proof =
      identity_token === undefined ? null : await parts.identities.verify(client.id, identity_token)
    if (proof?.ok === false) return proof
    const who = { ...wish, ...(proof && { identity: proof.data }) }
    const { session, token } = await start(parts.database, client, who)
    return succeed({ session_id: session.id, session_token: token })
  }
}
