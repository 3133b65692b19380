import { UniqueConstraintError, type Transaction } from 'sequelize'
import type { Admin } from '../../../models/admin.ts'
import type { AdminRole } from '../../../protocol/roles.ts'
import type { ClientName } from '../../../models/client.ts'
import type { Models } from '../../../models/index.ts'
import { SIGN_IN_LIMITS } from '../../../protocol/limits.ts'
import { refuse, succeed, type Result } from '../../../protocol/result.ts'
import type { Database } from '../../infra/database.ts'
import { isUuid } from '../../infra/uuid.ts'
import type { Passwords } from './passwords.ts'
import { judge, MACHINE, NOBODY, type Keeper, type Wish } from './keeper.ts'
import { endAll } from './sessions.ts'

/** Somebody who signs in: by address or by id. */
export type AdminName = { email: string } | { id: string }

/**
 * The people who sign in, as their keepers see them: who may do what is for `judge` to say. Each deed is told in the
 * audit log, with who has done it. What is refused to a keeper is `not_found` or `role_insufficient`; nobody disables or
 * changes the role of themselves, so that somebody remains.
 */
export interface Admins {
  /** `invalid_payload` for what is no address or password, or an address that somebody has. */
  create(wish: NewAdmin, keeper?: Keeper): Promise<Result<Admin>>
  /** Oldest first, each with the publishable key of the client; null: the installation's own. */
  list(): Promise<{ admin: Admin; clientKey: string | null }[]>
  /** Gives somebody another name or role. A role counts from the next access token on. */
  change(name: AdminName, changes: AdminChanges, keeper?: Keeper): Promise<Result<Admin>>
  /** Shuts somebody out, everywhere at once. `not_found` where nobody has the name, or it was so. */
  disable(name: AdminName, keeper?: Keeper): Promise<Result<Admin>>
  /** Lets somebody in again. */
  enable(name: AdminName, keeper?: Keeper): Promise<Result<Admin>>
  /** Gives somebody another password; ends all sign-ins and any lock. */
  setPassword(name: AdminName, password: string, keeper?: Keeper): Promise<Result<Admin>>
  /** Ends a lock after wrong passwords. */
  unlock(name: AdminName, keeper?: Keeper): Promise<Result<Admin>>
  /** Ends all sign-ins of somebody, and tells how many there were. */
  signOut(name: AdminName, keeper?: Keeper): Promise<Result<number>>
}

export interface AdminChanges {
  name?: string
  role?: AdminRole
}

export interface NewAdmin {
  email: string
  name: string
  role: AdminRole
  password: string
  /** The client to work for; null: the installation. */
  client: ClientName | null
}

type AdminModels = Pick<Models, 'Admin' | 'AdminSession' | 'AuditEntry' | 'Client'>

/** Works on `models`, which are bound to `database`. */
export function createAdmins(
  parts: { database: Pick<Database, 'transaction'>; passwords: Passwords },
  models: AdminModels,
): Admins {
  const { Admin, AuditEntry, Client } = models

  return {
    async create({ client: clientName, password, ...wish }, keeper = MACHINE) {
      const fault = faultOf(wish.email, password)
      if (fault !== null) return refuse('invalid_payload', fault)
      const client = clientName === null ? null : await Client.findOne({ where: clientName })
      if (clientName !== null && client === null) return refuse('not_found', 'There is no such client.')
      const hash = await parts.passwords.hash(password)
      if (!hash.ok) return hash
      const client_id = client?.id ?? null
      const row = { ...wish, client_id, password_hash: hash.data }
      try {
        return await parts.database.transaction(async (transaction) => {
          const refused = await judged(keeper, { client_id, roles: [wish.role] }, transaction)
          if (refused !== null) return refused
          const admin = await Admin.create(row, { transaction })
          await note({ admin, keeper, transaction }, 'admin.created')
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

    change: (name, changes, keeper = MACHINE) =>
      keep(
        name,
        keeper,
        async (one) => {
          const { admin, transaction } = one
          if (changes.role !== undefined && isOneself(one)) return refuse('role_insufficient', ONESELF)
          const before = { name: admin.name, role: admin.role }
          await admin.update(changes, { transaction })
          await note(one, 'admin.changed', { before, after: changes })
          return succeed(admin)
        },
        changes.role === undefined ? [] : [changes.role],
      ),

    disable: (name, keeper = MACHINE) =>
      keep(name, keeper, async (one) => {
        const { admin, transaction } = one
        if (isOneself(one)) return refuse('role_insufficient', ONESELF)
        if (!(await admin.disable({ transaction }))) return refuse('not_found', 'This person is disabled.')
        await endAll(models, admin.id, transaction)
        await note(one, 'admin.disabled')
        return succeed(admin)
      }),

    enable: (name, keeper = MACHINE) =>
      keep(name, keeper, async (one) => {
        await one.admin.enable(one)
        await note(one, 'admin.enabled')
        return succeed(one.admin)
      }),

    async setPassword(name, password, keeper = MACHINE) {
      const fault = passwordFault(password)
      if (fault !== null) return refuse('invalid_payload', fault)
      const hash = await parts.passwords.hash(password)
      if (!hash.ok) return hash
      return keep(name, keeper, async (one) => {
        const { admin, transaction } = one
        await admin.update({ password_hash: hash.data }, { transaction })
        await admin.unlock({ transaction })
        await endAll(models, admin.id, transaction)
        await note(one, 'admin.password_changed')
        return succeed(admin)
      })
    },

    unlock: (name, keeper = MACHINE) =>
      keep(name, keeper, async (one) => {
        await one.admin.unlock(one)
        await note(one, 'admin.unlocked')
        return succeed(one.admin)
      }),

    signOut: (name, keeper = MACHINE) =>
      keep(name, keeper, async (one) => {
        const families = await endAll(models, one.admin.id, one.transaction)
        await note(one, 'admin.signed_out', { families })
        return succeed(families.length)
      }),
  }

  /** The rows are locked meanwhile, the lower id first: so no family grows that is to be revoked, and no two shut each other out. */
  async function keep<T>(
    name: AdminName,
    keeper: Keeper,
    work: (one: Kept) => Promise<Result<T>>,
    given: readonly AdminRole[] = [],
  ): Promise<Result<T>> {
    const known = 'id' in name ? name : await Admin.findByEmail(name.email)
    if (known === null || !isUuid(known.id)) return refuse('not_found', NOBODY)
    return parts.database.transaction(async (transaction) => {
      const ids = [known.id, ...(keeper.person ? [keeper.person.id] : [])]
      const lock = transaction.LOCK.NO_KEY_UPDATE
      const rows = await Admin.findAll({ where: { id: ids }, order: ['id'], lock, transaction })
      const admin = rows.find(({ id }) => id === known.id)
      if (admin === undefined) return refuse('not_found', NOBODY)
      const wish = { client_id: admin.client_id, roles: [admin.role, ...given] }
      return (await judged(keeper, wish, transaction)) ?? work({ admin, keeper, transaction })
    })
  }

  async function judged(
    { person }: Keeper,
    wish: Wish,
    transaction: Transaction,
  ): Promise<Result<never> | null> {
    if (person === null) return null
    const admin = await Admin.findByPk(person.id, { transaction })
    return admin === null ? refuse('unauthorized') : judge(admin, wish)
  }

  async function note(
    { admin, keeper, transaction }: Kept,
    action: string,
    more: object = {},
  ): Promise<void> {
    const { id, client_id, email, role } = admin
    const details = { admin_id: id, email, role, ...more }
    await AuditEntry.record({ ...keeper.by, client_id, action, details }, { transaction })
  }
}

interface Kept {
  admin: Admin
  keeper: Keeper
  transaction: Transaction
}

function isOneself({ admin, keeper }: Kept): boolean {
  return admin.id === keeper.person?.id
}

const TAKEN = 'Somebody has this address already.'
const ONESELF = 'Somebody else has to do this to you.'

function faultOf(email: string, password: string): string | null {
  const isAddress = email.length <= SIGN_IN_LIMITS.email && /^[^\s@]+@[^\s@]+$/.test(email)
  return isAddress ? passwordFault(password) : `"${email}" is no e-mail address.`
}

/** Why it is no password; null where it is. */
export function passwordFault(password: string): string | null {
  const { least, most } = SIGN_IN_LIMITS.password
  const fits = password.length >= least && password.length <= most && password.trim() !== ''
  return fits ? null : `A password has ${least} to ${most} characters.`
}
