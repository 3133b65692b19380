import type { Transaction } from 'sequelize'
import type { Admin } from '../../../models/admin.ts'
import type { AdminRole } from '../../../protocol/roles.ts'
import type { AdminSession } from '../../../models/admin-session.ts'
import type { Models } from '../../../models/index.ts'
import { refuse, succeed, type Result } from '../../../protocol/result.ts'
import type { Database } from '../../infra/database.ts'
import { hashRefreshToken, nextRefreshToken } from './refresh-token.ts'

/** Milliseconds after which a family ends that is not refreshed. */
export const FAMILY_MS = 30 * 24 * 60 * 60 * 1000

/** Milliseconds in which a token may come again: from a second tab, or because its answer was lost. */
export const GRACE_MS = 10_000

/** What is told of a person who signs in. */
export interface Person {
  id: string
  client_id: string | null
  email: string
  name: string
  avatar_url: string | null
  role: AdminRole
}

/** A family that goes on. */
export interface Refreshed {
  person: Person
  family: string
  /** The one that takes the place of what was shown. */
  refreshToken: string
}

/** The families of admins: what came from one sign-in each. */
export interface AdminSessions {
  /**
   * Spends a refresh token for the next one. `unauthorized` where it is none, has expired, or the person may not come
   * in any more; and where it was spent before, which revokes its family: one of the two who had it is a thief.
   */
  refresh(token: string): Promise<Result<Refreshed>>
  /** Ends the family of a token, or all of this person's. Gives those that ended; none for a token that is none. */
  signOut(token: string, everywhere: boolean): Promise<string[]>
}

export interface SessionParts {
  database: Pick<Database, 'transaction'>
  /** Bound to `database`. */
  models: Pick<Models, 'Admin' | 'AdminSession' | 'AuditEntry' | 'Client'>
  /** From which, and from a token, the next one follows. */
  secret: string
  /** Told of each family that was revoked, after Postgres has it. */
  onRevoked: (family: string) => void
}

interface Held {
  session: AdminSession
  admin: Admin
  transaction: Transaction
}

/** Why it works so: docs/decisions, "Refresh tokens that follow from each other". */
export function createAdminSessions(parts: SessionParts): AdminSessions {
  const { Admin, AdminSession, AuditEntry, Client } = parts.models

  return {
    async refresh(token) {
      const outcome = await held(token, (one) => spend(one, token))
      if (outcome === null) return refuse('unauthorized')
      if ('refreshToken' in outcome) return succeed(outcome)
      tell(outcome.revoked)
      return refuse('unauthorized')
    },

    async signOut(token, everywhere) {
      const ended = (await held(token, (one) => end(one, everywhere))) ?? []
      tell(ended)
      return ended
    },
  }

  /** Null for a token that is none. The person's row is locked first: so no family grows while it is revoked. */
  function held<T>(token: string, work: (one: Held) => Promise<T>): Promise<T | null> {
    const where = { refresh_hash: hashRefreshToken(token) }
    return parts.database.transaction(async (transaction) => {
      const known = await AdminSession.findOne({ where, attributes: ['admin_id'], transaction })
      if (known === null) return null
      const admin = await Admin.findByPk(known.admin_id, {
        lock: transaction.LOCK.NO_KEY_UPDATE,
        transaction,
      })
      const session = await AdminSession.findOne({ where, transaction })
      return admin === null || session === null ? null : work({ session, admin, transaction })
    })
  }

  async function spend(one: Held, token: string): Promise<Refreshed | { revoked: string[] }> {
    const { session, admin, transaction } = one
    const isOver = session.revoked_at !== null || session.expires_at <= new Date()
    if (isOver || !(await mayComeIn(admin, transaction))) return { revoked: [] }
    const refreshToken = nextRefreshToken(token, parts.secret)
    const next = { person: admin, family: session.family, refreshToken }
    const refresh_hash = hashRefreshToken(refreshToken)
    if (await session.use({ transaction })) {
      const { admin_id, family, user_agent } = session
      const expires_at = new Date(Date.now() + FAMILY_MS)
      await AdminSession.create({ admin_id, family, user_agent, refresh_hash, expires_at }, { transaction })
      return next
    }
    const successor = await AdminSession.findOne({ where: { refresh_hash }, transaction })
    const spentFor = Date.now() - (session.used_at?.getTime() ?? 0)
    if (spentFor < GRACE_MS && successor?.isLive() === true) return next
    await session.revokeFamily({ transaction })
    await note(one, 'admin.refresh_token_reused', { family: session.family })
    return { revoked: [session.family] }
  }

  async function end(one: Held, everywhere: boolean): Promise<string[]> {
    const { session, admin, transaction } = one
    const families = everywhere
      ? await endAll(parts.models, admin.id, transaction)
      : (await session.revokeFamily({ transaction })) > 0
        ? [session.family]
        : []
    if (families.length > 0) await note(one, 'admin.signed_out', { families })
    return families
  }

  async function mayComeIn(admin: Admin, transaction: Transaction): Promise<boolean> {
    if (admin.isDisabled) return false
    if (admin.client_id === null) return true
    return (await Client.scope('active').findByPk(admin.client_id, { transaction })) !== null
  }

  async function note({ admin, transaction }: Held, action: string, details: object): Promise<void> {
    const { id: actor_id, client_id } = admin
    const entry = { actor: 'admin' as const, actor_id, client_id, action, details: { ...details } }
    await AuditEntry.record(entry, { transaction })
  }

  function tell(families: readonly string[]): void {
    for (const family of families) parts.onRevoked(family)
  }
}

/** Revokes every family of a person whose row is locked, and names those that were not revoked yet. */
export async function endAll(
  { AdminSession }: Pick<Models, 'AdminSession'>,
  adminId: string,
  transaction: Transaction,
): Promise<string[]> {
  const where = { admin_id: adminId, revoked_at: null }
  const [, ended] = await AdminSession.update(
    { revoked_at: new Date() },
    { where, returning: true, transaction },
  )
  return [...new Set(ended.map(({ family }) => family))]
}
