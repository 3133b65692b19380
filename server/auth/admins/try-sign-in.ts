import type { AdminRole } from '../../../protocol/roles.ts'
import type { Database, Statement } from '../../infra/database.ts'

/** When a person is shut out, of whom somebody guesses the password. */
export const LOCKOUT = {
  /** Wrong passwords in a row that lock. */
  tries: 10,
  /** Milliseconds of the first lock, doubled by each wrong password after it, and of the longest. */
  first: 60_000,
  longest: 60 * 60_000,
} as const

/** A person whose password is to be checked. */
export interface Candidate {
  id: string
  client_id: string | null
  email: string
  name: string
  avatar_url: string | null
  role: AdminRole
  password_hash: string
  /** False: shut out, whatever the password. */
  admitted: boolean
  /** Until when this try has locked, if it turns out wrong. */
  locks_until: Date | null
}

/**
 * Finds who has the address, and counts the try as a wrong one until it proves right: of any number of guesses that
 * come at once, `LOCKOUT.tries` are heard. A try while the lock lasts is not counted, so that nobody can prolong it.
 * Tries from a device that this person has signed in from are never locked out, nor do they lock. Nobody comes in by a password
 * alone who has a second factor. Null: nobody has it.
 */
export async function trySignIn(
  database: Pick<Database, 'run'>,
  { email, knownTo }: { email: string; knownTo: string | null },
): Promise<Candidate | null> {
  const { tries, first, longest } = LOCKOUT
  const [found] = await database.run<Candidate>(TRY, [email, knownTo, tries, first, longest])
  return found ?? null
}

/** $1 email $2 the person who knows the device, or null $3 tries $4 first $5 longest lock, in milliseconds */
const TRY: Statement = {
  name: 'auth/try-sign-in',
  text: `
    WITH tried AS (
      UPDATE admins a
         SET failed_sign_ins = failed_sign_ins + CASE WHEN id = $2::uuid THEN 0 ELSE 1 END,
             locked_until = CASE
               WHEN id = $2::uuid OR failed_sign_ins + 1 < $3::int THEN locked_until
               ELSE now() + least($5::float8, $4::float8 * 2 ^ least(failed_sign_ins + 1 - $3::int, 20))
                          * interval '1 millisecond'
             END
       WHERE lower(email) = lower($1) AND disabled_at IS NULL AND totp_secret IS NULL
         AND (locked_until IS NULL OR locked_until <= now() OR id = $2::uuid)
         AND (client_id IS NULL OR EXISTS (SELECT FROM clients c WHERE c.id = a.client_id AND c.status = 'active'))
      RETURNING id, failed_sign_ins, locked_until
    )
    SELECT a.id, a.client_id, a.email, a.name, a.avatar_url, a.role, a.password_hash,
           t.id IS NOT NULL AS admitted,
           CASE WHEN t.failed_sign_ins >= $3::int AND a.id IS DISTINCT FROM $2::uuid THEN t.locked_until END AS locks_until
      FROM admins a LEFT JOIN tried t ON t.id = a.id
     WHERE lower(a.email) = lower($1)`,
}
