import { refuse, succeed, type Result } from '../../protocol/result.ts'
import {
  WIDGET_REQUESTS,
  type WidgetData,
  type WidgetPayload,
  type WidgetRequest,
} from '../../protocol/widget.ts'
import type { ClientDirectory } from '../../server/auth/client-directory.ts'
import type { Identities } from '../../server/auth/identity/identities.ts'
import { refuseUnproven } from '../../server/auth/identity/may-write.ts'
import type { Conversations } from '../../server/conversation/conversations.ts'
import type { VisitorHandoffs } from '../../server/conversation/visitor-handoffs.ts'
import type { VisitorTelling } from '../../server/conversation/visitor-telling.ts'
import { takeMessage } from '../../server/conversation/message-allowance.ts'
import type { Database } from '../../server/infra/database.ts'
import type { RateLimits } from '../../server/infra/rate-limit.ts'
import type { CompileSchema, Validate } from '../../server/infra/validate.ts'
import { served, type Served } from '../handle.ts'
import { synced } from './ready.ts'
import type { WidgetSocket } from './socket-types.ts'

export interface RequestParts {
  database: Database
  identities: Identities
  conversations: Conversations
  handoffs: VisitorHandoffs
  telling: VisitorTelling
  limits: RateLimits
  directory: ClientDirectory
  compile: CompileSchema
}

/** Everything a visitor can ask, and the function of the domain that answers. */
export function widgetRequests(parts: RequestParts): Record<WidgetRequest, Served<WidgetSocket>> {
  const { conversations, handoffs, telling, identities, compile } = parts

  function serve<R extends WidgetRequest>(
    request: R,
    run: (
      socket: WidgetSocket,
      payload: WidgetPayload<R>,
    ) => Result<WidgetData<R>> | Promise<Result<WidgetData<R>>>,
  ): Served<WidgetSocket> {
    // The type of a schema that a type parameter picks is only known to whoever picks.
    const validate = compile(WIDGET_REQUESTS[request].payload) as Validate<WidgetPayload<R>>
    return served(validate, run)
  }

  return {
    'message:send': serve('message:send', async (socket, message) => {
      const { session } = socket.data
      const busy = await conversations.turnAway(session, message.client_message_id)
      const limited = busy ?? (await limitMessages(parts, socket))
      return limited ?? conversations.receive(socket.data.session, message)
    }),
    'session:sync': serve('session:sync', async ({ data }, cursor) =>
      succeed(await synced(conversations, data.session, cursor)),
    ),
    'session:identify': serve('session:identify', async ({ data }, { identity_token }) => {
      const proven = await identities.identify(data.session, identity_token)
      if (!proven.ok) return proven
      data.session = proven.data
      return succeed({ user_id: proven.data.user_identifier ?? '' })
    }),
    'history:load': serve('history:load', async ({ data }, query) =>
      succeed(await conversations.history(data.session, query)),
    ),
    'reply:stop': serve('reply:stop', ({ data }, stop) => conversations.stop(data.session, stop)),
    'tool:answer': serve('tool:answer', ({ data }, answer) => conversations.answer(data.session, answer)),
    'typing:set': serve('typing:set', ({ data }, { typing }) => {
      conversations.setTyping(data.session, typing)
      return succeed({})
    }),
    'handoff:request': serve('handoff:request', ({ data }, asked) => handoffs.request(data.session, asked)),
    'handoff:withdraw': serve('handoff:withdraw', ({ data }) => handoffs.withdraw(data.session)),
    'contact:submit': serve('contact:submit', ({ data }, contact) =>
      telling.submitContact(data.session, contact),
    ),
    'rating:submit': serve('rating:submit', ({ data }, rating) => telling.submitRating(data.session, rating)),
    'attributes:set': serve('attributes:set', ({ data }, changes) =>
      telling.setAttributes(data.session, changes),
    ),
    'conversation:end': serve('conversation:end', ({ data }) => conversations.end(data.session)),
    'conversation:start': serve('conversation:start', ({ data }) => conversations.start(data.session)),
  }
}

/** The refusal of a message of who may not write, or writes too much: visitor, address or client. */
async function limitMessages(
  { database, limits, directory }: RequestParts,
  socket: WidgetSocket,
): Promise<Result<never> | null> {
  const { session, address } = socket.data
  const client = await directory.findById(session.client_id)
  if (client === null) return refuse('client_unknown')
  const unproven = await refuseUnproven(database, client, session)
  if (unproven !== null) return unproven
  const excess = await takeMessage(limits, { session_id: session.id, client, address })
  if (excess === null) return null
  socket.emit('limit:reached', { kind: excess.kind, retry_after_ms: excess.retryAfterMs })
  return refuse('rate_limited', undefined, excess.retryAfterMs)
}
