import { refuse, succeed } from '../../../protocol/result.ts'
import { refuseUnproven } from '../../auth/identity/may-write.ts'
import { takeMessage } from '../../conversation/message-allowance.ts'
import { addressGroup } from '../client-address.ts'
import { forSession, type Endpoint } from '../endpoint.ts'
import type { HttpParts } from '../http-env.ts'

/** What a visitor asks over its socket, where sockets are blocked: the same functions of the domain answer. */

export function sendMessage(parts: HttpParts): Endpoint<'POST /api/v1/sessions/:session_id/messages'> {
  return forSession(parts, async (session, { body }, c) => {
    const client = await parts.directory.findById(session.client_id)
    if (client === null) return refuse('client_unknown')
    const unproven = await refuseUnproven(parts.database, client, session)
    if (unproven !== null) return unproven
    const busy = await parts.conversations.turnAway(session, body.client_message_id)
    if (busy !== null) return busy
    const address = addressGroup(c.get('address'))
    const excess = await takeMessage(parts.limits, { session_id: session.id, client, address })
    if (excess !== null) return refuse('rate_limited', undefined, excess.retryAfterMs)
    return parts.conversations.receive(session, body)
  })
}

export function identify(parts: HttpParts): Endpoint<'POST /api/v1/sessions/:session_id/identify'> {
  return forSession(parts, async (session, { body }) => {
    const proven = await parts.identities.identify(session, body.identity_token)
    return proven.ok ? succeed({ user_id: proven.data.user_identifier ?? '' }) : proven
  })
}

export function stopReply(parts: HttpParts): Endpoint<'POST /api/v1/sessions/:session_id/stop'> {
  return forSession(parts, (session, { body }) => parts.conversations.stop(session, body))
}

export function confirm(parts: HttpParts): Endpoint<'POST /api/v1/sessions/:session_id/confirm'> {
  return forSession(parts, (session, { body }) => parts.conversations.answer(session, body))
}

export function setTyping(parts: HttpParts): Endpoint<'POST /api/v1/sessions/:session_id/typing'> {
  return forSession(parts, (session, { body }) => {
    parts.conversations.setTyping(session, body.typing)
    return succeed({})
  })
}

export function requestHandoff(parts: HttpParts): Endpoint<'POST /api/v1/sessions/:session_id/handoff'> {
  return forSession(parts, (session, { body }) => parts.handoffs.request(session, body))
}

export function withdrawHandoff(parts: HttpParts): Endpoint<'DELETE /api/v1/sessions/:session_id/handoff'> {
  return forSession(parts, (session) => parts.handoffs.withdraw(session))
}

export function submitContact(parts: HttpParts): Endpoint<'POST /api/v1/sessions/:session_id/contact'> {
  return forSession(parts, (session, { body }) => parts.telling.submitContact(session, body))
}

export function submitRating(parts: HttpParts): Endpoint<'POST /api/v1/sessions/:session_id/rating'> {
  return forSession(parts, (session, { body }) => parts.telling.submitRating(session, body))
}

export function setAttributes(parts: HttpParts): Endpoint<'POST /api/v1/sessions/:session_id/attributes'> {
  return forSession(parts, (session, { body }) => parts.telling.setAttributes(session, body))
}

export function startConversation(parts: HttpParts): Endpoint<'POST /api/v1/sessions/:session_id/start'> {
  return forSession(parts, (session) => parts.conversations.start(session))
}
