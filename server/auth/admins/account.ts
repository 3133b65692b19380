import type { Transaction } from 'sequelize'
import type { Admin } from '../../../models/admin.ts'
import type { Models } from '../../../models/index.ts'
import type { ProfileChanges } from '../../../protocol/account.ts'
import { refuse, succeed, type Result } from '../../../protocol/result.ts'
import type { Database, Statement } from '../../infra/database.ts'
import { passwordFault } from './keep-admins.ts'
import type { Passwords } from './passwords.ts'
import type { Person } from './sessions.ts'

/** A browser in which somebody is signed in. */
export interface OpenSignIn {
  /** The family of its refresh tokens. */
  id: string
  user_agent: string | null
  since: Date
  last_used_at: Date
}

/** What people keep of themselves. Each change is told in the audit log. */
export interface Accounts {
  /** Gives oneself another name or picture; null takes the picture away. */
  change(self: { id: string }, changes: ProfileChanges): Promise<Result<Person>>
  /**
   * Gives oneself another password, and ends all sign-ins but that of `family`; gives those that ended. Refused:
   * `password_wrong`, `invalid_payload` for what is no password, `rate_limited` while too many passwords are checked.
   */
  setPassword(
    self: { id: string; family: string },
    passwords: { current_password: string; password: string },
  ): Promise<Result<string[]>>
  /** Where one is signed in, the last begun first. */
  signIns(self: { id: string }): Promise<OpenSignIn[]>
}

export interface AccountParts {
  database: Pick<Database, 'run' | 'transaction'>
  passwords: Passwords
  /** Told of each family that was revoked, after Postgres has it. */
  onRevoked: (family: string) => void
  /** Bound to `database`. */
  models: Pick<Models, 'Admin' | 'AdminSession' | 'AuditEntry'>
}

export function createAccounts({ database, passwords, models, onRevoked }: AccountParts): Accounts {
  const { Admin, AdminSession, AuditEntry } = models
  return {
    change: ({ id }, changes) =>
      alter(id, async (admin, transaction) => {
        const before = { name: admin.name, avatar_url: admin.avatar_url }
        await admin.update(changes, { transaction })
        await note(admin, 'admin.profile_changed', { before, after: changes }, transaction)
        return succeed(admin)
      }),

    async setPassword({ id, family }, { current_password, password }) {
      const fault = passwordFault(password)
      if (fault !== null) return refuse('invalid_payload', fault)
      const admin = await Admin.findByPk(id)
      const right = await passwords.verify(current_password, admin?.password_hash ?? null)
      if (!right.ok) return right
      if (!right.data || admin === null) return refuse('password_wrong')
      const hash = await passwords.hash(password)
      if (!hash.ok) return hash
      const ended = await alter(id, async (now, transaction) => {
        // Somebody else has given another one meanwhile.
        if (now.password_hash !== admin.password_hash) return refuse('password_wrong')
        await now.update({ password_hash: hash.data }, { transaction })
        const families = (await openFamilies(id, transaction)).filter((one) => one !== family)
        await revoke(id, families, transaction)
        await note(now, 'admin.password_changed', { families }, transaction)
        return succeed(families)
      })
      if (ended.ok) for (const one of ended.data) onRevoked(one)
      return ended
    },

    signIns: ({ id }) => database.run<OpenSignIn>(SIGN_INS, [id]),
  }

  /** The row is locked meanwhile: so no family grows that is to be revoked. */
  function alter<T>(
    id: string,
    work: (admin: Admin, transaction: Transaction) => Promise<Result<T>>,
  ): Promise<Result<T>> {
    return database.transaction(async (transaction) => {
      const admin = await Admin.findByPk(id, { lock: transaction.LOCK.NO_KEY_UPDATE, transaction })
      return admin === null ? refuse('unauthorized') : work(admin, transaction)
    })
  }

  async function openFamilies(admin_id: string, transaction: Transaction): Promise<string[]> {
    const rows = await AdminSession.findAll({ where: { admin_id, revoked_at: null }, transaction })
    return [...new Set(rows.map(({ family }) => family))]
  }

  async function revoke(
    admin_id: string,
    family: readonly string[],
    transaction: Transaction,
  ): Promise<void> {
    const where = { admin_id, family: [...family], revoked_at: null }
    await AdminSession.update({ revoked_at: new Date() }, { where, transaction })
  }

  async function note(
    { id, client_id }: Admin,
    action: string,
    details: object,
    transaction: Transaction,
  ): Promise<void> {
    const entry = { actor: 'admin' as const, actor_id: id, client_id, action, details: { ...details } }
    await AuditEntry.record(entry, { transaction })
  }
}

/** $1 whose */
const SIGN_INS: Statement = {
  name: 'auth/list-sign-ins',
  text: `
    SELECT family AS id, (array_agg(user_agent ORDER BY created_at DESC))[1] AS user_agent,
      min(created_at) AS since, max(created_at) AS last_used_at
    FROM admin_sessions WHERE admin_id = $1::uuid AND revoked_at IS NULL AND expires_at > now()
    GROUP BY family ORDER BY since DESC, family`,
}
