import type { Database, Statement } from '../infra/database.ts'
import type { VisitorSession } from './visitor-session.ts'

/**
 * A session of this client, for the client's own server: it needs no token. Null when there is none of that id, or it
 * has not been used for 30 days. Using it prolongs it, written once an hour at most. Throws `DatabaseUnavailable`.
 */
export async function findSession(
  database: Pick<Database, 'run'>,
  { sessionId, clientId }: { sessionId: string; clientId: string },
): Promise<VisitorSession | null> {
  const [session] = await database.run<VisitorSession>(FIND, [sessionId, clientId])
  return session ?? null
}

const FIND: Statement = {
  name: 'auth/find-session',
  text: `
    WITH prolonged AS (
      UPDATE sessions SET last_seen_at = now()
       WHERE id = $1 AND client_id = $2
         AND last_seen_at > now() - interval '30 days' AND last_seen_at < now() - interval '1 hour'
    )
    SELECT s.id, s.client_id, s.visitor_id, v.user_identifier, v.proven, s.locale
      FROM sessions s JOIN visitors v ON v.id = s.visitor_id
     WHERE s.id = $1 AND s.client_id = $2 AND s.last_seen_at > now() - interval '30 days'`,
}
