import type { Database, Statement } from '../../infra/database.ts'
import { KeptAnswers } from '../../infra/kept-answers.ts'
import type { AdminAccess } from './access-tokens.ts'
import type { Person } from './sessions.ts'

/** Finds who shows an access token, as this person is now. */
export interface AdminDirectory {
  /**
   * Null where the person was disabled, works for a client that is not active, or has been signed out, a second ago
   * at most. Throws `DatabaseUnavailable`.
   */
  find(access: Pick<AdminAccess, 'admin_id' | 'family'>): Promise<Person | null>
}

/** Milliseconds for which an answer holds. */
const KEPT_FOR = 1_000

/** Answers kept at most. */
const KEPT = 5_000

/** Asks the database once for requests that come together, and again after a second. */
export function createAdminDirectory(
  database: Pick<Database, 'run'>,
  now: () => number = () => performance.now(),
): AdminDirectory {
  const kept = new KeptAnswers<Person | null>({ ms: KEPT_FOR, most: KEPT, now })
  return {
    find({ admin_id, family }) {
      return kept.of(`${admin_id} ${family}`, async () => {
        const [person] = await database.run<Person>(FIND, [admin_id, family])
        return person ?? null
      })
    },
  }
}

const FIND: Statement = {
  name: 'auth/find-admin',
  text: `
    SELECT a.id, a.client_id, a.email, a.name, a.avatar_url, a.role
      FROM admins a LEFT JOIN clients c ON c.id = a.client_id
     WHERE a.id = $1 AND a.disabled_at IS NULL AND (a.client_id IS NULL OR c.status = 'active')
       AND EXISTS (
         SELECT FROM admin_sessions s
          WHERE s.family = $2 AND s.admin_id = a.id AND s.revoked_at IS NULL AND s.expires_at > now())`,
}
