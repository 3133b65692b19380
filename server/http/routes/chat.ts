import { wireError } from '../../../protocol/errors.ts'
import type { Result } from '../../../protocol/result.ts'
import { refuseUnproven } from '../../auth/identity/may-write.ts'
import { takeMessage } from '../../conversation/message-allowance.ts'
import { DatabaseUnavailable } from '../../infra/database.ts'
import { answer, fail, problem } from '../answer.ts'
import { admitChat, type Chat } from '../chat/admit-chat.ts'
import { streamReply } from '../chat/stream-reply.ts'
import { waitForReply } from '../chat/wait-for-reply.ts'
import { addressGroup } from '../client-address.ts'
import type { Endpoint } from '../endpoint.ts'
import type { HttpContext, HttpParts } from '../http-env.ts'
import { claimsToBeServer, limitRequests } from '../speaker.ts'
import { readLastEventId } from '../streams/event-id.ts'

/**
 * A message and its answer in one request: as JSON, or as it is written where `text/event-stream` is asked for. Once
 * there is a session, problems tell it too, so that asking again goes on rather than beginning anew.
 */
export function chat(parts: HttpParts): Endpoint<'POST /api/v1/chat'> {
  return async (c, read) => {
    if (parts.draining()) return fail(c, 'draining')
    const excess = claimsToBeServer(c) ? null : await limitRequests(c, parts)
    if (excess !== null) return answer(c, excess)
    const input = await read()
    if (!input.ok) return answer(c, input)
    const cursor = readLastEventId(c)
    if (!cursor.ok) return answer(c, cursor)
    const { body } = input.data
    const isNew = body.session_id === undefined
    const newcomer = isNew ? await parts.conversations.turnAway(null, '') : null
    if (newcomer !== null) return answer(c, newcomer)
    const admitted = await admitChat(c, parts, body)
    if (!admitted.ok) return answer(c, admitted)
    const { handle } = admitted.data
    try {
      const unproven = await refuseStranger(parts, admitted.data)
      if (unproven?.ok === false) return problem(c, unproven.error, handle)
      const busy = await parts.conversations.turnAway(admitted.data.session, handle.client_message_id)
      if (busy?.ok === false) return problem(c, busy.error, handle)
      const limited = await limitMessages(c, parts, admitted.data)
      if (limited !== null) return problem(c, wireError('rate_limited', undefined, limited), handle)
      const wantsStream = /\btext\/event-stream\b/i.test(c.req.header('accept') ?? '')
      if (!wantsStream) return await waitForReply(c, parts, admitted.data)
      return await streamReply(c, parts, { chat: admitted.data, cursor: cursor.data })
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable)) throw error
      parts.log.debug({ reason: error.message }, 'a message found no database')
      return problem(c, wireError('unavailable'), handle)
    }
  }
}

/** Whoever a client's server speaks for need prove nothing. */
function refuseStranger(
  { database }: HttpParts,
  { session, client, isServer }: Chat,
): Promise<Result<never> | null> {
  return isServer ? Promise.resolve(null) : refuseUnproven(database, client, session)
}

/** Milliseconds to wait, of who writes too much; null of who does not. */
async function limitMessages(
  c: HttpContext,
  parts: HttpParts,
  { session, client, isServer }: Chat,
): Promise<number | null> {
  const address = isServer ? null : addressGroup(c.get('address'))
  const excess = await takeMessage(parts.limits, { session_id: session.id, client, address })
  return excess && excess.retryAfterMs
}
