import { RATES } from '../../../protocol/limits.ts'
import { StartSessionBody, type SessionStarted } from '../../../protocol/rest.ts'
import { refuse, succeed, type Result } from '../../../protocol/result.ts'
import { startSession as start } from '../../auth/start-session.ts'
import { answer } from '../answer.ts'
import { addressGroup } from '../client-address.ts'
import type { Handler, HttpContext, HttpParts } from '../http-env.ts'
import { readJson } from '../read-json.ts'
import { allow } from '../speaker.ts'

/** A new session for a visitor of the client whose key is given, to whoever may speak for that client. */
export function startSession(parts: HttpParts): Handler {
  const validate = parts.compile(StartSessionBody)

  return async (c) => answer(c, await started(c), 201)

  async function started(c: HttpContext): Promise<Result<SessionStarted>> {
    const key = `sessions:${addressGroup(c.get('address'))}`
    const allowance = await parts.limits.take(key, RATES.addressSessionsPerMinute)
    if (!allowance.allowed) return refuse('rate_limited', undefined, allowance.retryAfterMs)
    const json = await readJson(c)
    const body = json.ok ? validate(json.data) : json
    if (!body.ok) return body
    const client = await parts.directory.findByKey(body.data.client_api_key)
    if (client === null) return refuse('client_unknown')
    if (!allow(c, client, parts)) return refuse('origin_not_allowed')
    const { session, token } = await start(parts.database, client, body.data)
    return succeed({ session_id: session.id, session_token: token })
  }
}
