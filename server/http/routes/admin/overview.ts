import * as desk from '../../../desk/read-overview.ts'
import { scopeOf } from '../../../desk/scope.ts'
import type { Endpoint } from '../../endpoint.ts'
import { forAdmin } from '../../for-admin.ts'
import type { HttpParts } from '../../http-env.ts'

export function readOverview(parts: HttpParts): Endpoint<'GET /api/admin/overview'> {
  return forAdmin(parts, ({ person }, { query }) => {
    const scope = scopeOf(person.client_id, query.client_id)
    return scope.ok ? desk.readOverview(parts.database, scope.data, query) : scope
  })
}
