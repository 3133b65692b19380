import { UniqueConstraintError, type Transaction } from 'sequelize'
import type { Admin } from '../../../models/admin.ts'
import type { AdminRole } from '../../../protocol/roles.ts'
import type { Models } from '../../../models/index.ts'
import { SIGN_IN_LIMITS } from '../../../protocol/limits.ts'
import { refuse, succeed, type Result } from '../../../protocol/result.ts'
import type { Database } from '../../infra/database.ts'
import type { Passwords } from './passwords.ts'
import { endAll } from './sessions.ts'

/** The people who sign in, as whoever commands the machine keeps them. Each deed is told in the audit log. */
export interface Admins {
  /** `invalid_payload` for what is no address or password, or an address that somebody has. */
  create(wish: NewAdmin): Promise<Result<Admin>>
  /** Oldest first, each with the publishable key of the client; null: the installation's own. */
  list(): Promise<{ admin: Admin; clientKey: string | null }[]>
  /** Shuts somebody out, everywhere at once. `not_found` where nobody has the address, or it was so. */
  disable(email: string): Promise<Result<Admin>>
  /** Lets somebody in again. `not_found` where nobody has the address. */
  enable(email: string): Promise<Result<Admin>>
  /** Gives somebody another password; ends all sign-ins and any lock. */
  setPassword(email: string, password: string): Promise<Result<Admin>>
  /** Ends a lock after wrong passwords. */
  unlock(email: string): Promise<Result<Admin>>
  /** Ends all sign-ins of somebody, and tells how many there were. */
  signOut(email: string): Promise<Result<number>>
}

export interface NewAdmin {
  email: string
  name: string
  role: AdminRole
  password: string
  /** The publishable key of the client; null: the installation's own people. */
  clientKey: string | null
}

type AdminModels = Pick<Models, 'Admin' | 'AdminSession' | 'AuditEntry' | 'Client'>

/** Works on `models`, which are bound to `database`. */
export function createAdmins(
  parts: { database: Pick<Database, 'transaction'>; passwords: Passwords },
  models: AdminModels,
): Admins {
  const { Admin, AuditEntry, Client } = models

  return {
    async create({ clientKey, password, ...wish }) {
      const fault = faultOf(wish.email, password)
      if (fault !== null) return refuse('invalid_payload', fault)
      const client = clientKey === null ? null : await Client.findOne({ where: { api_key: clientKey } })
      if (clientKey !== null && client === null) return refuse('not_found', 'No client has this key.')
      const hash = await parts.passwords.hash(password)
      if (!hash.ok) return hash
      const row = { ...wish, client_id: client?.id ?? null, password_hash: hash.data }
      try {
        return await parts.database.transaction(async (transaction) => {
          const admin = await Admin.create(row, { transaction })
          await note('admin.created', admin, transaction)
          return succeed(admin)
        })
      } catch (error) {
        if (error instanceof UniqueConstraintError) return refuse('invalid_payload', TAKEN)
        throw error
      }
    },

    async list() {
      const admins = await Admin.findAll({
        order: [
          ['created_at', 'ASC'],
          ['id', 'ASC'],
        ],
      })
      const clients = await Client.findAll({ attributes: ['id', 'api_key'] })
      const keys = new Map(clients.map(({ id, api_key }) => [id, api_key]))
      return admins.map((admin) => ({ admin, clientKey: keys.get(admin.client_id ?? '') ?? null }))
    },

    disable: (email) =>
      change(email, async (admin, transaction) => {
        if (!(await admin.disable({ transaction }))) return refuse('not_found', 'This person is disabled.')
        await endAll(models, admin.id, transaction)
        await note('admin.disabled', admin, transaction)
        return succeed(admin)
      }),

    enable: (email) =>
      change(email, async (admin, transaction) => {
        await admin.enable({ transaction })
        await note('admin.enabled', admin, transaction)
        return succeed(admin)
      }),

    async setPassword(email, password) {
      const fault = faultOf(email, password)
      if (fault !== null) return refuse('invalid_payload', fault)
      const hash = await parts.passwords.hash(password)
      if (!hash.ok) return hash
      return change(email, async (admin, transaction) => {
        await admin.update({ password_hash: hash.data }, { transaction })
        await admin.unlock({ transaction })
        await endAll(models, admin.id, transaction)
        await note('admin.password_changed', admin, transaction)
        return succeed(admin)
      })
    },

    unlock: (email) =>
      change(email, async (admin, transaction) => {
        await admin.unlock({ transaction })
        await note('admin.unlocked', admin, transaction)
        return succeed(admin)
      }),

    signOut: (email) =>
      change(email, async (admin, transaction) => {
        const families = await endAll(models, admin.id, transaction)
        await note('admin.signed_out', admin, transaction, { families })
        return succeed(families.length)
      }),
  }

  /** The row is locked meanwhile: so no family grows that is to be revoked. */
  async function change<T>(
    email: string,
    work: (admin: Admin, transaction: Transaction) => Promise<Result<T>>,
  ): Promise<Result<T>> {
    const known = await Admin.findByEmail(email)
    if (known === null) return refuse('not_found', 'Nobody has this address.')
    return parts.database.transaction(async (transaction) => {
      const lock = transaction.LOCK.NO_KEY_UPDATE
      const admin = await Admin.findByPk(known.id, { lock, transaction })
      return admin === null ? refuse('not_found', 'Nobody has this address.') : work(admin, transaction)
    })
  }

  /** Whoever commands the machine is `system`. */
  async function note(
    action: string,
    admin: Admin,
    transaction: Transaction,
    more: object = {},
  ): Promise<void> {
    const { id, client_id, email, role } = admin
    const details = { admin_id: id, email, role, ...more }
    await AuditEntry.record({ actor: 'system', client_id, action, details }, { transaction })
  }
}

const TAKEN = 'Somebody has this address already.'

function faultOf(email: string, password: string): string | null {
  const { email: longest, password: length } = SIGN_IN_LIMITS
  if (email.length > longest || !/^[^\s@]+@[^\s@]+$/.test(email)) return `"${email}" is no e-mail address.`
  const fits = password.length >= length.least && password.length <= length.most && password.trim() !== ''
  return fits ? null : `A password has ${length.least} to ${length.most} characters.`
}
