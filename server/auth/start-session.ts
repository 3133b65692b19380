import { randomUUID } from 'node:crypto'
import type { Database, Statement } from '../infra/database.ts'
import type { Client } from './client-directory.ts'
import { hashSessionToken, makeSessionToken } from './session-token.ts'
import type { VisitorSession } from './visitor-session.ts'

/** What a visitor says of itself; none of it is proved. */
export interface SessionWish {
  locale?: string
  /** The client's own name for the visitor. It is not heeded where the client requires proof of identity. */
  user_id?: string
}

export interface StartedSession {
  session: VisitorSession
  /** Told once; only its hash is kept. */
  token: string
}

/**
 * Makes a session, and its visitor unless the client knows one of that `user_id`. The session is always a new one
 * without a conversation, so nobody gets at another's words by claiming to be somebody.
 */
export async function startSession(
  database: Pick<Database, 'run'>,
  client: Pick<Client, 'id' | 'identity_required'>,
  wish: SessionWish,
): Promise<StartedSession> {
  const id = randomUUID()
  const token = makeSessionToken()
  const userIdentifier = client.identity_required ? null : (wish.user_id ?? null)
  const locale = wish.locale ?? null
  const [made] = await database.run<{ visitor_id: string }>(START, [
    id,
    client.id,
    userIdentifier,
    locale,
    hashSessionToken(token),
  ])
  if (made === undefined) throw new Error('a session was started, but no row came back')
  const session = { id, client_id: client.id, ...made, user_identifier: userIdentifier, locale }
  return { session, token }
}

const START: Statement = {
  name: 'auth/start-session',
  text: `
    WITH visitor AS (
      INSERT INTO visitors (client_id, user_identifier, locale) VALUES ($2, $3, $4)
      ON CONFLICT (client_id, user_identifier) WHERE user_identifier IS NOT NULL
      DO UPDATE SET last_seen_at = now()
      RETURNING id
    )
    INSERT INTO sessions (id, client_id, visitor_id, token_hash, locale)
    SELECT $1, $2, id, $5, $4 FROM visitor
    RETURNING visitor_id`,
}
