import { AdminHandshake } from '../../protocol/admin.ts'
import type { AccessTokens, AdminAccess } from '../../server/auth/admins/access-tokens.ts'
import type { CutOffs } from '../../server/auth/cut-offs.ts'
import { maySpeak } from '../../server/auth/origin.ts'
import type { Occupancy } from '../../server/infra/rate-limit.ts'
import type { CompileSchema } from '../../server/infra/validate.ts'
import { RefusedHandshake } from '../refusal.ts'
import type { AdminSocket } from './socket-types.ts'

export interface EntranceParts {
  tokens: Pick<AccessTokens, 'verify'>
  cutOffs: Pick<CutOffs, 'among'>
  compile: CompileSchema
  /** Our own origin, where it is configured. */
  publicUrl: string | null
  /** Sockets of one person; null lifts that limit. */
  people: Occupancy | null
}

/** Finds out who a socket is, or throws `RefusedHandshake`. Pages of other origins are refused, whatever they show. */
export type Enter = (socket: AdminSocket) => Promise<AdminAccess>

export function createEntrance(parts: EntranceParts): Enter {
  const validate = parts.compile(AdminHandshake)
  return async ({ handshake, conn }) => {
    const { origin = null, host = null } = handshake.headers
    if (!maySpeak({ origin, host, hasToken: false }, [], parts.publicUrl))
      throw new RefusedHandshake('origin_not_allowed')
    const auth = validate(handshake.auth)
    if (!auth.ok) throw new RefusedHandshake(auth.error.code, auth.error.message)
    const access = await findAccess(parts, auth.data.token)
    if (access === null) throw new RefusedHandshake('unauthorized')
    if (parts.people) {
      const leave = parts.people.enter(access.admin_id)
      if (!leave) throw new RefusedHandshake('too_many_connections')
      conn.once('close', leave)
    }
    return access
  }
}

/** What the token says; null unless it holds, and whom it names is not shut out. Throws `DatabaseUnavailable`. */
export async function findAccess(
  { tokens, cutOffs }: Pick<EntranceParts, 'tokens' | 'cutOffs'>,
  token: string,
): Promise<AdminAccess | null> {
  const access = await tokens.verify(token)
  if (access === null) return null
  const shutOut = await cutOffs.among(speakerOf(access))
  return shutOut.length === 0 ? access : null
}

/** Whoever of these is shut out, this person may not go on. */
export function speakerOf({ admin_id, family, client_id }: AdminAccess) {
  return { admins: [admin_id], families: [family], clients: client_id === null ? [] : [client_id] }
}
