import { succeed } from '../../../../protocol/result.ts'
import type { Endpoint } from '../../endpoint.ts'
import { forClientAdmin, idIn } from '../../for-admin.ts'
import type { HttpParts } from '../../http-env.ts'

export function listCannedReplies(
  parts: HttpParts,
): Endpoint<'GET /api/admin/clients/:client_id/canned-replies'> {
  return forClientAdmin(parts, async ({ client_id }) =>
    succeed({ canned_replies: await parts.cannedReplies.list(client_id) }),
  )
}

export function createCannedReply(
  parts: HttpParts,
): Endpoint<'POST /api/admin/clients/:client_id/canned-replies'> {
  return forClientAdmin(parts, ({ client_id, by }, { body }) =>
    parts.cannedReplies.create(client_id, body, by),
  )
}

export function changeCannedReply(
  parts: HttpParts,
): Endpoint<'PATCH /api/admin/clients/:client_id/canned-replies/:reply_id'> {
  return forClientAdmin(parts, ({ client_id, by }, { body }, c) =>
    parts.cannedReplies.change(client_id, idIn(c, 'reply_id'), body, by),
  )
}

export function removeCannedReply(
  parts: HttpParts,
): Endpoint<'DELETE /api/admin/clients/:client_id/canned-replies/:reply_id'> {
  return forClientAdmin(parts, ({ client_id, by }, _input, c) =>
    parts.cannedReplies.remove(client_id, idIn(c, 'reply_id'), by),
  )
}
