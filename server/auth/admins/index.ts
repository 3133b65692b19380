import { defineModels } from '../../../models/index.ts'
import type { SignInBody } from '../../../protocol/admin-auth.ts'
import { succeed, type Result } from '../../../protocol/result.ts'
import type { Database } from '../../infra/database.ts'
import type { RateLimits } from '../../infra/rate-limit.ts'
import type { AccessTokens } from './access-tokens.ts'
import { createAdminDirectory, type AdminDirectory } from './admin-directory.ts'
import { createKnownDevices } from './known-devices.ts'
import type { Passwords } from './passwords.ts'
import { createAdminSessions, type Person } from './sessions.ts'
import { signIn, type Place } from './sign-in.ts'

/** Somebody who is signed in. */
export interface Admitted {
  person: Person
  accessToken: string
  /** Milliseconds since the epoch. */
  expiresAt: number
  /** What asks for the next access token. */
  refreshToken: string
}

/** Somebody who shows an access token; `family` is the sign-in that it came from. */
export interface SignedInPerson extends Person {
  family: string
}

/** How the people of the business come in, stay and leave. */
export interface AdminAuth {
  /** As `signIn`; `device` is for this browser to keep. */
  signIn(credentials: SignInBody, place: Place): Promise<Result<Admitted & { device: string }>>
  /** As `AdminSessions.refresh`. */
  refresh(refreshToken: string): Promise<Result<Admitted>>
  /** As `AdminSessions.signOut`. */
  signOut(refreshToken: string, everywhere: boolean): Promise<string[]>
  /** Who shows this access token, as this person is now; null: nobody who may come in. */
  find(accessToken: string): Promise<SignedInPerson | null>
}

export interface AdminAuthParts {
  database: Database
  limits: RateLimits
  tokens: AccessTokens
  /** `JWT_SECRET`. */
  secret: string
  /** Told of each family that was revoked, after Postgres has it. */
  onRevoked: (family: string) => void
  passwords: Passwords
}

export function createAdminAuth(parts: AdminAuthParts): AdminAuth {
  const { database, limits, tokens, secret, onRevoked, passwords } = parts
  const devices = createKnownDevices(secret)
  const models = defineModels(database.sequelize)
  const sessions = createAdminSessions({ database, models, secret, onRevoked })
  const directory: AdminDirectory = createAdminDirectory(database)

  return {
    async signIn(credentials, place) {
      const opened = await signIn({ database, limits, passwords, devices }, credentials, place)
      if (!opened.ok) return opened
      const device = await devices.remember(opened.data.person.id)
      return succeed({ ...(await admit(opened.data)), device })
    },
    async refresh(refreshToken) {
      const refreshed = await sessions.refresh(refreshToken)
      return refreshed.ok ? succeed(await admit(refreshed.data)) : refreshed
    },
    signOut: (refreshToken, everywhere) => sessions.signOut(refreshToken, everywhere),
    async find(accessToken) {
      const access = await tokens.verify(accessToken)
      const person = access && (await directory.find(access))
      return person && { ...person, family: access.family }
    },
  }

  async function admit(admitted: {
    person: Person
    family: string
    refreshToken: string
  }): Promise<Admitted> {
    const { person, family, refreshToken } = admitted
    const { id: admin_id, name, avatar_url, role, client_id } = person
    const access = { admin_id, name, ...(avatar_url && { avatar_url }), role, client_id, family }
    const { token, expires_at } = await tokens.issue(access)
    return { person, accessToken: token, expiresAt: expires_at, refreshToken }
  }
}
