import type { AdminData } from '../../protocol/admin.ts'
import { refuse, succeed, type Result } from '../../protocol/result.ts'
import { findAccess, type EntranceParts } from './entrance.ts'
import type { AdminSocket } from './socket-types.ts'

/** Goes on with a fresh token, of the same person at the same client. Refuses with `unauthorized`. */
export async function renew(
  parts: Pick<EntranceParts, 'tokens' | 'cutOffs'>,
  socket: AdminSocket,
  token: string,
): Promise<Result<AdminData<'session:renew'>>> {
  const access = await findAccess(parts, token)
  const { data } = socket
  const isSame = access?.admin_id === data.access.admin_id && access.client_id === data.access.client_id
  if (!isSame) return refuse('unauthorized')
  if (socket.connected) {
    data.access = access
    data.clock.set(access.expires_at)
  }
  return succeed({ expires_at: new Date(access.expires_at).toISOString() })
}
