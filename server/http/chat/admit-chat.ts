import { randomUUID } from 'node:crypto'
import type { ChatBody, ChatHandle } from '../../../protocol/chat.ts'
import { RATES } from '../../../protocol/limits.ts'
import { refuse, succeed, type Result } from '../../../protocol/result.ts'
import { authenticateSession } from '../../auth/authenticate-session.ts'
import type { Client } from '../../auth/client-directory.ts'
import { findSession } from '../../auth/find-session.ts'
import { startSession, type SessionWish } from '../../auth/start-session.ts'
import type { VisitorSession } from '../../auth/visitor-session.ts'
import { addressGroup } from '../client-address.ts'
import type { HttpContext, HttpParts } from '../http-env.ts'
import { allow, authenticateServer, bearer, claimsToBeServer } from '../speaker.ts'

/** A message whose sender is known, to be received and answered. */
export interface Chat {
  session: VisitorSession
  client: Client
  text: string
  /** What every answer to it says. */
  handle: ChatHandle
  /** Whether the client's own server speaks for the visitor. */
  isServer: boolean
}

type Found = Pick<Chat, 'session' | 'client'> & { token?: string }

/**
 * Finds out who chats: a client's server, by its secret key; a visitor, by the token of its session; or somebody new,
 * for whom a session is begun.
 */
export async function admitChat(c: HttpContext, parts: HttpParts, body: ChatBody): Promise<Result<Chat>> {
  const id = nameOf(c, body)
  if (!id.ok) return id
  const isServer = claimsToBeServer(c)
  const found = isServer ? await findForServer(c, parts, body) : await findForVisitor(c, parts, body)
  if (!found.ok) return found
  const { session, client, token } = found.data
  const handle = {
    session_id: session.id,
    ...(token === undefined ? {} : { session_token: token }),
    client_message_id: id.data,
  }
  return succeed({ session, client, text: body.message, handle, isServer })
}

/** The sender's name for its message; of one who gives none, a new one. */
function nameOf(c: HttpContext, body: ChatBody): Result<string> {
  const header = c.req.header('idempotency-key')
  const named = header === undefined ? undefined : IDEMPOTENCY_KEY.exec(header)?.[1]
  if (header !== undefined && named === undefined) return refuse('invalid_payload', WRONG_KEY)
  return succeed(body.client_message_id ?? named ?? randomUUID())
}

/** A token, or a string in quotes as the IETF's draft has it. */
const IDEMPOTENCY_KEY = /^"?([A-Za-z0-9._:-]{1,64})"?$/
const WRONG_KEY = 'Idempotency-Key is not of the expected form.'

async function findForServer(c: HttpContext, parts: HttpParts, body: ChatBody): Promise<Result<Found>> {
  const server = await authenticateServer(c, parts)
  if (!server.ok) return server
  const client = server.data
  if (body.client_api_key !== undefined && body.client_api_key !== client.api_key) {
    return refuse('client_unknown', 'The secret key is of another client than client_api_key.')
  }
  if (body.session_id === undefined) return begin(parts, client, vouchedFor(body))
  const session = await findSession(parts.database, { sessionId: body.session_id, clientId: client.id })
  return session === null ? refuse('not_found') : succeed({ session, client })
}

async function findForVisitor(c: HttpContext, parts: HttpParts, body: ChatBody): Promise<Result<Found>> {
  const { client_api_key: key, session_id: sessionId } = body
  if (key === undefined) return refuse('invalid_payload', 'client_api_key is missing.')
  const token = bearer(c)
  const client = await parts.directory.findByKey(key)
  if (client === null) return refuse('client_unknown')
  if (!allow(c, client, parts, token !== null)) return refuse('origin_not_allowed')
  if (sessionId === undefined) {
    if (token !== null) return refuse('invalid_payload', 'session_id is missing.')
    const address = addressGroup(c.get('address'))
    const allowance = await parts.limits.take(`sessions:${address}`, RATES.addressSessions)
    if (!allowance.allowed) return refuse('rate_limited', undefined, allowance.retryAfterMs)
    const { user_id } = body
    return begin(parts, client, user_id === undefined ? {} : { user_id })
  }
  if (token === null) return refuse('unauthorized')
  const session = await authenticateSession(parts.database, { sessionId, token, clientId: client.id })
  return session === null ? refuse('session_invalid') : succeed({ session, client })
}

/** A server says who its visitors are; nobody else need prove it. */
function vouchedFor({ user_id }: ChatBody): SessionWish {
  return user_id === undefined ? {} : { identity: { user_id, name: null, email: null, attributes: {} } }
}

async function begin(parts: HttpParts, client: Client, wish: SessionWish): Promise<Result<Found>> {
  const { session, token } = await startSession(parts.database, client, wish)
  return succeed({ session, client, token })
}
