import { RATES } from '../../protocol/limits.ts'
import { refuse, succeed, type Result } from '../../protocol/result.ts'
import { authenticateSession } from '../auth/authenticate-session.ts'
import type { Client } from '../auth/client-directory.ts'
import { maySpeak } from '../auth/origin.ts'
import type { VisitorSession } from '../auth/visitor-session.ts'
import { addressGroup } from './client-address.ts'
import type { HttpContext, HttpParts } from './http-env.ts'

/** Whether the request's origin may speak for the client. If so, its pages may read the answer. */
export function allow(c: HttpContext, client: Client, parts: HttpParts, hasToken = false): boolean {
  const origin = c.req.header('origin') ?? null
  const speaker = { origin, host: c.req.header('host') ?? null, hasToken }
  const allowed = maySpeak(speaker, client.allowed_origins, parts.config.http.publicUrl)
  if (allowed && origin !== null) {
    c.header('access-control-allow-origin', origin)
    c.header('access-control-expose-headers', 'retry-after, x-request-id')
  }
  return allowed
}

/**
 * The visitor of the session in the path, who shows its token as Bearer. A page of a foreign origin is refused where
 * the request changes something; reading it may, but the browser will not show it the answer.
 */
export async function authenticate(c: HttpContext, parts: HttpParts): Promise<Result<VisitorSession>> {
  const excess = await limitRequests(c, parts)
  if (excess !== null) return excess
  const token = bearer(c)
  if (token === null) return refuse('unauthorized')
  const sessionId = c.req.param('session_id') ?? ''
  const session = await authenticateSession(parts.database, { sessionId, token })
  const client = session === null ? null : await parts.directory.findById(session.client_id)
  if (session === null || client === null) return refuse('session_invalid')
  if (!allow(c, client, parts, true) && c.req.method !== 'GET') return refuse('origin_not_allowed')
  return succeed(session)
}

/** The client whose server shows one of its secret keys as Bearer. */
export async function authenticateServer(c: HttpContext, parts: HttpParts): Promise<Result<Client>> {
  const key = bearer(c)
  if (key === null) return refuse('unauthorized')
  const clientId = await parts.secretKeys.findClient(key, addressGroup(c.get('address')))
  if (!clientId.ok) return clientId
  const client = await parts.directory.findById(clientId.data)
  return client === null ? refuse('unauthorized') : succeed(client)
}

/** Counts a request about sessions; the refusal of an address that asks too much, null of one that does not. */
export async function limitRequests(c: HttpContext, parts: HttpParts): Promise<Result<never> | null> {
  const key = `requests:${addressGroup(c.get('address'))}`
  const allowance = await parts.limits.take(key, RATES.addressRequests)
  return allowance.allowed ? null : refuse('rate_limited', undefined, allowance.retryAfterMs)
}

/** Whether the request claims to come from a client's server: what it shows has the form of a secret key. */
export function claimsToBeServer(c: HttpContext): boolean {
  return bearer(c)?.startsWith('sk_') === true
}

/** What is shown as Bearer in `Authorization`. */
export function bearer(c: HttpContext): string | null {
  return /^Bearer +([A-Za-z0-9._~+/-]{1,4096}=*)$/i.exec(c.req.header('authorization') ?? '')?.[1] ?? null
}
