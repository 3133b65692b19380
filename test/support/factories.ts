import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { VisitorSession } from '../../server/auth/visitor-session.ts'
import type { Database, Statement } from '../../server/infra/database.ts'

export interface TestClient {
  id: string
  name: string
  api_key: string
}

const ADD_CLIENT: Statement = {
  name: 'test/add-client',
  text: `
    INSERT INTO clients (name, api_key, status, allowed_origins, branding, locale)
    VALUES ($1, $2, $3, $4, $5, $6)
    RETURNING id, name, api_key`,
}

const ADD_SESSION: Statement = {
  name: 'test/add-session',
  text: `
    WITH visitor AS (
      INSERT INTO visitors (client_id, user_identifier, locale) VALUES ($1, $2, $3) RETURNING id
    )
    INSERT INTO sessions (id, client_id, visitor_id, token_hash, locale)
    SELECT $4, $1, visitor.id, $5, $3 FROM visitor
    RETURNING visitor_id`,
}

/** A client with a key of its own. */
export async function makeClient(
  database: Database,
  chosen: {
    name?: string
    api_key?: string
    status?: 'active' | 'inactive'
    allowed_origins?: string[]
    branding?: object
    locale?: string
  } = {},
): Promise<TestClient> {
  const [client] = await database.run<TestClient>(ADD_CLIENT, [
    chosen.name ?? 'Blue Bakery',
    chosen.api_key ?? `pk_test_${randomUUID()}`,
    chosen.status ?? 'active',
    chosen.allowed_origins ?? [],
    chosen.branding ?? {},
    chosen.locale ?? null,
  ])
  return client!
}

/** A session of a visitor of its own, and the token that grants it. */
export async function makeSession(
  database: Database,
  client: { id: string },
  chosen: { user_identifier?: string; locale?: string } = {},
): Promise<VisitorSession & { token: string }> {
  const token = randomBytes(32).toString('base64url')
  const session = {
    id: randomUUID(),
    client_id: client.id,
    user_identifier: chosen.user_identifier ?? null,
    proven: false,
    locale: chosen.locale ?? null,
  }
  const [row] = await database.run<{ visitor_id: string }>(ADD_SESSION, [
    client.id,
    session.user_identifier,
    session.locale,
    session.id,
    createHash('sha256').update(token).digest(),
  ])
  return { ...session, visitor_id: row!.visitor_id, token }
}
