import { defineModels, type Models } from '../../../models/index.ts'
import type { Admin } from '../../../models/admin.ts'
import type { AuditEntry } from '../../../models/audit-entry.ts'
import { createAccessTokens, type AccessTokens } from '../../../server/auth/admins/access-tokens.ts'
import { createAdminAuth, type AdminAuth } from '../../../server/auth/admins/index.ts'
import { createAdmins, type Admins } from '../../../server/auth/admins/keep-admins.ts'
import type { Passwords } from '../../../server/auth/admins/passwords.ts'
import type { Place } from '../../../server/auth/admins/sign-in.ts'
import { UNLIMITED, type RateLimits } from '../../../server/infra/rate-limit.ts'
import { cheapPasswords, makeAdmin, PASSWORD } from '../../support/admins.ts'
import { openTestDatabase, type TestDatabase } from '../../support/databases.ts'

const SECRET = 'a secret of more than thirty-two characters'

export const SOMEWHERE: Place = { address: '192.0.2.1', userAgent: 'a browser', device: null }

/** One person, who can sign in, and the node that is asked. */
export interface Stage {
  place: TestDatabase
  models: Models
  auth: AdminAuth
  tokens: AccessTokens
  admins: Admins
  dana: Admin
  /** Families that were said to be revoked. */
  revoked: string[]
  /** Passwords that were checked, by what they were checked against. */
  checked: (string | null)[]
  signIn(changed?: { password?: string; email?: string } & Partial<Place>): ReturnType<AdminAuth['signIn']>
  /** The refresh token of a new sign-in. */
  refreshToken(): Promise<string>
  /** The audit log, oldest first. */
  audited(): Promise<AuditEntry[]>
  close(): Promise<void>
}

/** On a database of its own, or on one that it empties of people. */
export async function openStage(parts: { limits?: RateLimits; on?: TestDatabase } = {}): Promise<Stage> {
  const place = parts.on ?? (await openTestDatabase())
  // A copy, in which a test may put something of its own.
  const database = { ...place.database }
  for (const text of ['DELETE FROM admins', 'DELETE FROM audit_log'])
    await database.run({ name: `test/${text}`, text }, [])
  const models = defineModels(database.sequelize)
  const revoked: string[] = []
  const checked: (string | null)[] = []
  const cheap = cheapPasswords()
  const passwords: Passwords = {
    hash: (password) => cheap.hash(password),
    verify: (password, kept) => (checked.push(kept), cheap.verify(password, kept)),
  }
  const tokens = createAccessTokens(SECRET)
  const onRevoked = (family: string) => void revoked.push(family)
  const shared = { database, limits: parts.limits ?? UNLIMITED, secret: SECRET, passwords, tokens }
  const auth = createAdminAuth({ ...shared, onRevoked })
  const dana = await makeAdmin(database, { email: 'Dana@shop.example' })

  const signIn: Stage['signIn'] = ({ password = PASSWORD, email = 'dana@Shop.example', ...where } = {}) =>
    auth.signIn({ email, password }, { ...SOMEWHERE, ...where })
  return {
    ...{ place: { ...place, database }, models, auth, tokens, dana, revoked, checked, signIn },
    admins: createAdmins({ database, passwords }, models),
    async refreshToken() {
      const admitted = await signIn()
      if (!admitted.ok) throw new Error(admitted.error.message)
      return admitted.data.refreshToken
    },
    audited: () => models.AuditEntry.findAll({ order: ['id'] }),
    close: () => place.close(),
  }
}
