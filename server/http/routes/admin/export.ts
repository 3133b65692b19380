import { RATES } from '../../../../protocol/limits.ts'
import { refuse } from '../../../../protocol/result.ts'
import { exportConversations as write } from '../../../desk/export/export-conversations.ts'
import { recordExport } from '../../../desk/export/record-export.ts'
import { scopeOf } from '../../../desk/scope.ts'
import type { Endpoint } from '../../endpoint.ts'
import { forAdmin } from '../../for-admin.ts'
import type { HttpParts } from '../../http-env.ts'
import { streamedText } from '../../streamed-text.ts'

const TYPES = { csv: 'text/csv; charset=utf-8', json: 'application/json' } as const

export function exportConversations(parts: HttpParts): Endpoint<'GET /api/admin/conversations/export'> {
  const { database, limits } = parts
  return forAdmin(parts, async ({ person, by }, { query }, c) => {
    const { client_id, ...asked } = query
    const scope = scopeOf(person.client_id, client_id)
    if (!scope.ok) return scope
    const allowance = await limits.take(`exports:${person.id}`, RATES.adminExports)
    if (!allowance.allowed) return refuse('rate_limited', undefined, allowance.retryAfterMs)
    await recordExport(database, scope.data, query, by)
    c.header('content-type', TYPES[query.format])
    c.header('content-disposition', `attachment; filename="conversations.${query.format}"`)
    c.header('cache-control', 'no-store')
    return c.body(streamedText(write(database, scope.data, asked)))
  })
}
