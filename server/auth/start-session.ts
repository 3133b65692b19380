import { randomUUID } from 'node:crypto'
import type { Database, Statement } from '../infra/database.ts'
import type { Client } from './client-directory.ts'
import { UPSERT_VISITOR, visitorValues, type Identity } from './identity/identity.ts'
import { hashSessionToken, makeSessionToken } from './session-token.ts'
import type { VisitorSession } from './visitor-session.ts'

/** Who the visitor of a new session is. */
export interface SessionWish {
  locale?: string
  /** The client's own name for the visitor, unproved. It is not heeded where the client requires proof. */
  user_id?: string
  /** Who it is, where the client vouches for it: `user_id` is not heeded then. */
  identity?: Identity
}

export interface StartedSession {
  session: VisitorSession
  /** Told once; only its hash is kept. */
  token: string
}

/**
 * Makes a session, and its visitor unless the client knows one of that name, proved or claimed alike. The session is
 * always a new one without a conversation, so nobody gets at another's words by claiming to be somebody.
 */
export async function startSession(
  database: Pick<Database, 'run'>,
  client: Pick<Client, 'id' | 'identity_required'>,
  wish: SessionWish,
): Promise<StartedSession> {
  const id = randomUUID()
  const token = makeSessionToken()
  const { identity, locale = null } = wish
  const claims = client.identity_required ? null : (wish.user_id ?? null)
  const [made] = await database.run<{ visitor_id: string }>(START, [
    client.id,
    ...visitorValues(identity ?? { claims }, locale),
    id,
    hashSessionToken(token),
  ])
  if (made === undefined) throw new Error('a session was started, but no row came back')
  const who = { user_identifier: identity?.user_id ?? claims, proven: identity !== undefined }
  const session = { id, client_id: client.id, ...made, ...who, locale }
  return { session, token }
}

const START: Statement = {
  name: 'auth/start-session',
  text: `
    WITH visitor AS (${UPSERT_VISITOR})
    INSERT INTO sessions (id, client_id, visitor_id, token_hash, locale)
    SELECT $8, $1, id, $9, $7 FROM visitor
    RETURNING visitor_id`,
}
