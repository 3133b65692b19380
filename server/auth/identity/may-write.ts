import { refuse, type Result } from '../../../protocol/result.ts'
import type { Database } from '../../infra/database.ts'
import type { Client } from '../client-directory.ts'
import { findSession } from '../find-session.ts'
import type { VisitorSession } from '../visitor-session.ts'

/**
 * The refusal, with `identity_required`, of a visitor who has not proved who it is to a client that wants it; null of
 * all others. Another tab may have proved it since this one came: then it is asked once more.
 */
export async function refuseUnproven(
  database: Pick<Database, 'run'>,
  { id, identity_required }: Pick<Client, 'id' | 'identity_required'>,
  session: VisitorSession,
): Promise<Result<never> | null> {
  if (!identity_required || session.proven) return null
  const now = await findSession(database, { sessionId: session.id, clientId: id })
  return now?.proven === true ? null : refuse('identity_required')
}
