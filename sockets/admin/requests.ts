import { ADMIN_REQUESTS, type AdminData, type AdminPayload, type AdminRequest } from '../../protocol/admin.ts'
import { isAtLeast } from '../../protocol/roles.ts'
import { refuse, succeed, type Result } from '../../protocol/result.ts'
import type { AdminAccess } from '../../server/auth/admins/access-tokens.ts'
import type { AgentConversations } from '../../server/conversation/agent-conversations.ts'
import type { AgentPlace } from '../../server/conversation/change-hands.ts'
import { scopeOf } from '../../server/desk/scope.ts'
import type { CompileSchema, Validate } from '../../server/infra/validate.ts'
import { served, type Served } from '../handle.ts'
import type { EntranceParts } from './entrance.ts'
import type { Inbox } from './inbox.ts'
import { renew } from './renew.ts'
import type { AdminSocket } from './socket-types.ts'
import { unwatch, watch, type WatchParts } from './watch.ts'

export interface RequestParts extends WatchParts, Pick<EntranceParts, 'tokens' | 'cutOffs'> {
  agents: AgentConversations
  inbox: Inbox
  compile: CompileSchema
}

/** Everything a person of the business can ask, and what answers. */
export function adminRequests(parts: RequestParts): Record<AdminRequest, Served<AdminSocket>> {
  const { agents, inbox, compile } = parts

  function serve<R extends AdminRequest>(
    request: R,
    run: (
      socket: AdminSocket,
      payload: AdminPayload<R>,
    ) => Result<AdminData<R>> | Promise<Result<AdminData<R>>>,
  ): Served<AdminSocket> {
    // The type of a schema that a type parameter picks is only known to whoever picks.
    const validate = compile(ADMIN_REQUESTS[request].payload) as Validate<AdminPayload<R>>
    const { least } = ADMIN_REQUESTS[request]
    return served(validate, (socket, payload) =>
      isAtLeast(socket.data.access.role, least) ? run(socket, payload) : refuse('role_insufficient'),
    )
  }

  return {
    'session:renew': serve('session:renew', (socket, { token }) => renew(parts, socket, token)),
    'inbox:watch': serve('inbox:watch', async (socket, { client_id, ...query }) => {
      const scope = scopeOf(socket.data.access.client_id, client_id)
      if (!scope.ok) return scope
      // First, so that nothing falls between the page and what is told from here on.
      inbox.watch(socket, scope.data)
      return succeed(await agents.inbox(scope.data, query))
    }),
    'inbox:unwatch': serve('inbox:unwatch', (socket) => {
      inbox.unwatch(socket)
      return succeed({})
    }),
    'conversation:watch': serve('conversation:watch', (socket, asked) => watch(parts, socket, asked)),
    'conversation:unwatch': serve('conversation:unwatch', (socket, { conversation_id }) => {
      unwatch(parts, socket, conversation_id.toLowerCase())
      return succeed({})
    }),
    'history:load': serve('history:load', async (socket, { conversation_id, ...query }) => {
      const page = await agents.history(placeOf(socket, conversation_id), query)
      return page === null ? refuse('not_found') : succeed(page)
    }),
    'conversation:take_over': serve('conversation:take_over', (socket, { conversation_id }) =>
      asSpeaker(socket, conversation_id, (place) => agents.takeOver(place)),
    ),
    'conversation:hand_back': serve('conversation:hand_back', (socket, { conversation_id }) =>
      asSpeaker(socket, conversation_id, (place) => agents.handBack(place)),
    ),
    'message:send': serve('message:send', (socket, { conversation_id, ...message }) =>
      asSpeaker(socket, conversation_id, (place) => agents.receive(place, message)),
    ),
    'typing:set': serve('typing:set', (socket, { conversation_id, typing }) =>
      asSpeaker(socket, conversation_id, (place) => agents.setTyping(place, typing)),
    ),
  }
}

/** Analysts watch; everybody else may also speak with visitors. */
export function maySpeak({ role }: Pick<AdminAccess, 'role'>): boolean {
  return isAtLeast(role, 'agent')
}

function asSpeaker<Data>(
  socket: AdminSocket,
  conversationId: string,
  run: (place: AgentPlace) => Promise<Result<Data>>,
): Result<Data> | Promise<Result<Data>> {
  const { admin_id: id, name, avatar_url } = socket.data.access
  const admin = { id, name, ...(avatar_url === undefined ? {} : { avatar_url }) }
  return run({ ...placeOf(socket, conversationId), admin })
}

/** Ids are compared as texts, and a person may have typed one. */
function placeOf({ data }: AdminSocket, conversationId: string) {
  return { client_id: data.access.client_id, conversation_id: conversationId.toLowerCase() }
}
