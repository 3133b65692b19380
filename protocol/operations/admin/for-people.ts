import type { AdminRole } from '../../roles.ts'
import type { Audience } from '../operation.ts'

/** What operations of the people of the business have in common. */
export function forPeople<const L extends AdminRole, const O extends Audience['of']>(least: L, of: O) {
  return { tag: 'Admin', credentials: ['access_token'], audience: { least, of } } as const
}

/** What any of them may fail with. */
export const PEOPLE_ERRORS = ['unauthorized', 'role_insufficient', 'rate_limited'] as const
