import { succeed } from '../../../../protocol/result.ts'
import * as desk from '../../../desk/read-audit-log.ts'
import { scopeOf } from '../../../desk/scope.ts'
import type { Endpoint } from '../../endpoint.ts'
import { forAdmin } from '../../for-admin.ts'
import type { HttpParts } from '../../http-env.ts'

export function readAuditLog(parts: HttpParts): Endpoint<'GET /api/admin/audit-log'> {
  return forAdmin(parts, async ({ person }, { query }) => {
    const scope = scopeOf(person.client_id, query.client_id)
    return scope.ok ? succeed(await desk.readAuditLog(parts.database, scope.data, query)) : scope
  })
}
