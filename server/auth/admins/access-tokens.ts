import { createSecretKey } from 'node:crypto'
import { jwtVerify, SignJWT, type JWTPayload } from 'jose'
import { ADMIN_ROLES, type AdminRole } from '../../../protocol/roles.ts'
import { isUuid } from '../../infra/uuid.ts'

/** What an access token says of a person of the business. It may have been disabled since: ask `AdminDirectory`. */
export interface AdminAccess {
  admin_id: string
  name: string
  avatar_url?: string
  role: AdminRole
  /** The client this person works for; null: the installation's own people. */
  client_id: string | null
  /** The sign-in that the token came from. */
  family: string
  /** Milliseconds since the epoch. */
  expires_at: number
}

/** Short-lived proof of who speaks, which any node can check without asking anybody. */
export interface AccessTokens {
  /** A token that holds until `expires_at`, `ACCESS_SECONDS` from now. */
  issue(access: Omit<AdminAccess, 'expires_at'>): Promise<{ token: string; expires_at: number }>
  /** What a token says; null unless it is one of ours, meant for this, and of this hour. Never rejects. */
  verify(token: string): Promise<AdminAccess | null>
}

/** How long an access token holds. */
export const ACCESS_SECONDS = 600

/** Longer than any token of ours: nothing longer is looked at. */
const LONGEST_TOKEN = 4_096

const ISSUER = 'parlor'
const AUDIENCE = 'parlor/admin'
/** RFC 9068: so no token that was made for something else is taken for one of these. */
const TYPE = 'at+jwt'

/**
 * HS256 (RFC 7519) with `secret`, of at least 32 characters. Algorithm, type, issuer and audience are fixed here;
 * whatever key a token names in its header (`kid`, `jku`, `jwk`) is not looked at.
 */
export function createAccessTokens(secret: string, now: () => number = Date.now): AccessTokens {
  const key = createSecretKey(secret, 'utf8')

  return {
    async issue({ admin_id, name, avatar_url, role, client_id, family }) {
      const issued = Math.floor(now() / 1000)
      const expires = issued + ACCESS_SECONDS
      const token = await new SignJWT({ name, ...(avatar_url && { avatar_url }), role, client_id, family })
        .setProtectedHeader({ alg: 'HS256', typ: TYPE })
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setSubject(admin_id)
        .setIssuedAt(issued)
        .setExpirationTime(expires)
        .sign(key)
      return { token, expires_at: expires * 1000 }
    },

    async verify(token) {
      if (token.length > LONGEST_TOKEN) return null
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: ['HS256'],
          typ: TYPE,
          issuer: ISSUER,
          audience: AUDIENCE,
          // Refuses what was issued in the future, too.
          maxTokenAge: ACCESS_SECONDS,
          requiredClaims: ['sub', 'exp'],
          currentDate: new Date(now()),
        })
        return readAccess(payload)
      } catch {
        return null
      }
    },
  }
}

/** Null for the claims of another version of ours. */
function readAccess({ sub, exp, name, avatar_url, role, client_id, family }: JWTPayload): AdminAccess | null {
  const known = ADMIN_ROLES.find((one) => one === role)
  if (!isId(sub) || !isId(family) || (client_id !== null && !isId(client_id))) return null
  if (typeof name !== 'string' || exp === undefined || known === undefined) return null
  return {
    ...{ admin_id: sub, name, role: known, client_id, family, expires_at: exp * 1000 },
    ...(typeof avatar_url === 'string' && { avatar_url }),
  }
}

const isId = (id: unknown): id is string => typeof id === 'string' && isUuid(id)
