import { timingSafeEqual } from 'node:crypto'
import { isUuid } from '../infra/uuid.ts'
import type { Database, Statement } from '../infra/database.ts'
import { hashSessionToken } from './session-token.ts'
import type { VisitorSession } from './visitor-session.ts'

/** What somebody shows to be taken for the visitor of a session. */
export interface SessionClaim {
  sessionId: string
  token: string
  /** Where it is known already: a session of another client is unknown then. */
  clientId?: string
}

/**
 * The session, or null when there is none of that id, its token is another, it has not been used for 30 days, or its
 * client is not active. Using it prolongs it, written once an hour at most. Throws `DatabaseUnavailable`.
 */
export async function authenticateSession(
  database: Pick<Database, 'run'>,
  claim: SessionClaim,
): Promise<VisitorSession | null> {
  if (!isUuid(claim.sessionId)) return null
  const hash = hashSessionToken(claim.token)
  const values = [claim.sessionId, hash, claim.clientId ?? null]
  const [found] = await database.run<VisitorSession & { token_hash: Buffer }>(AUTHENTICATE, values)
  if (found === undefined) return null
  const { token_hash: kept, ...session } = found
  return timingSafeEqual(kept, hash) ? session : null
}

const AUTHENTICATE: Statement = {
  name: 'auth/authenticate-session',
  text: `
    WITH prolonged AS (
      UPDATE sessions SET last_seen_at = now()
       WHERE id = $1 AND token_hash = $2
         AND last_seen_at > now() - interval '30 days' AND last_seen_at < now() - interval '1 hour'
    )
    SELECT s.id, s.client_id, s.visitor_id, v.user_identifier, v.proven, s.locale, s.token_hash
      FROM sessions s
      JOIN visitors v ON v.id = s.visitor_id
      JOIN clients c ON c.id = s.client_id
     WHERE s.id = $1 AND s.last_seen_at > now() - interval '30 days'
       AND c.status = 'active' AND ($3::uuid IS NULL OR c.id = $3)`,
}
