import { refuse, succeed } from '../../../../protocol/result.ts'
import { listConversations as list } from '../../../desk/list-conversations.ts'
import { readConversation as read } from '../../../desk/read-conversation.ts'
import { readTranscript as readPage } from '../../../desk/read-transcript.ts'
import { scopeOf } from '../../../desk/scope.ts'
import type { Endpoint } from '../../endpoint.ts'
import { forAdmin, idIn } from '../../for-admin.ts'
import type { HttpParts } from '../../http-env.ts'

export function listConversations(parts: HttpParts): Endpoint<'GET /api/admin/conversations'> {
  return forAdmin(parts, async ({ person }, { query }) => {
    const scope = scopeOf(person.client_id, query.client_id)
    return scope.ok ? succeed(await list(parts.database, scope.data, query)) : scope
  })
}

export function readConversation(
  parts: HttpParts,
): Endpoint<'GET /api/admin/conversations/:conversation_id'> {
  return forAdmin(parts, async ({ person }, _input, c) => {
    const place = { client_id: person.client_id, conversation_id: idIn(c, 'conversation_id') }
    const found = await read(parts.database, place)
    return found === null ? refuse('not_found') : succeed(found)
  })
}

export function readTranscript(
  parts: HttpParts,
): Endpoint<'GET /api/admin/conversations/:conversation_id/transcript'> {
  return forAdmin(parts, async ({ person }, { query }, c) => {
    const place = { client_id: person.client_id, conversation_id: idIn(c, 'conversation_id') }
    const page = await readPage(parts.database, place, query)
    return page === null ? refuse('not_found') : succeed(page)
  })
}
