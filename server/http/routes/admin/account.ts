import type { ACCOUNT_OPERATIONS } from '../../../../protocol/operations/admin/account.ts'
import { succeed } from '../../../../protocol/result.ts'
import type { Endpoint } from '../../endpoint.ts'
import { forAdmin } from '../../for-admin.ts'
import type { HttpParts } from '../../http-env.ts'
import { profileOf } from './signing-in.ts'

/** What people keep of themselves. */
export function accountEndpoints(parts: HttpParts): { [K in keyof typeof ACCOUNT_OPERATIONS]: Endpoint<K> } {
  const { accounts } = parts
  return {
    'PATCH /api/admin/me': forAdmin(parts, async ({ person }, { body }) => {
      const changed = await accounts.change(person, body)
      return changed.ok ? succeed({ admin: profileOf(changed.data) }) : changed
    }),
    'POST /api/admin/me/password': forAdmin(parts, async ({ person }, { body }) => {
      const set = await accounts.setPassword(person, body)
      if (!set.ok) return set
      return succeed({ ended: set.data.length })
    }),
    'GET /api/admin/me/sign-ins': forAdmin(parts, async ({ person }) => {
      const open = await accounts.signIns(person)
      const sign_ins = open.map(({ since, last_used_at, ...signIn }) => ({
        ...signIn,
        current: signIn.id === person.family,
        since: since.toISOString(),
        last_used_at: last_used_at.toISOString(),
      }))
      return succeed({ sign_ins })
    }),
  }
}
