import { errors, jwtVerify } from 'jose'
import { IdentityClaims } from '../../../protocol/identity.ts'
import { refuse, succeed, type Result } from '../../../protocol/result.ts'
import type { Database, Statement } from '../../infra/database.ts'
import type { Secrets } from '../../infra/secrets.ts'
import type { CompileSchema, Validate } from '../../infra/validate.ts'
import type { VisitorSession } from '../visitor-session.ts'
import { identifySession } from './identify-session.ts'
import { identityPlace } from './identity-secrets.ts'
import type { Identity } from './identity.ts'

/** Finds out whom an identity token proves. */
export interface Identities {
  /**
   * Who the token of this client's server says its visitor is. Refuses with `identity_invalid`: no token of it, or
   * no longer. Rejects with `DatabaseUnavailable`, and with `SealBroken` where the client's secret cannot be read.
   */
  verify(clientId: string, token: string): Promise<Result<Identity>>
  /**
   * Makes the session one of the visitor whom the token proves; what was said in it stays with it. A session that has
   * proved to be somebody stays so: by a token of the same person, expired or not, nothing changes but what is told
   * of the visitor; by another's it is refused with `session_invalid`, for a new session is needed then.
   */
  identify(session: VisitorSession, token: string): Promise<Result<VisitorSession>>
}

/** Seconds by which the clocks of clients' servers may differ from ours. */
const CLOCK_TOLERANCE = 60

export function createIdentities({
  database,
  secrets,
  compile,
}: {
  database: Pick<Database, 'run' | 'sequelize' | 'transaction'>
  secrets: Secrets
  compile: CompileSchema
}): Identities {
  const check = compile(IdentityClaims)

  async function read(clientId: string, token: string): Promise<Result<Read>> {
    const [client] = await database.run<{ identity_secret: string | null }>(FIND_SECRET, [clientId])
    const sealed = client?.identity_secret ?? null
    if (sealed === null) return refuse('identity_invalid', 'The client has no identity secret.')
    return readToken(token, secrets.open(sealed, identityPlace(clientId)), check)
  }

  return {
    async verify(clientId, token) {
      const proof = await read(clientId, token)
      if (!proof.ok) return proof
      return proof.data.expired ? refuse('identity_invalid', EXPIRED) : succeed(proof.data.identity)
    },
    async identify(session, token) {
      const proof = await read(session.client_id, token)
      if (!proof.ok) return proof
      const { identity, expired } = proof.data
      if (!expired) return identifySession(database, session, identity)
      if (!session.proven) return refuse('identity_invalid', EXPIRED)
      return session.user_identifier === identity.user_id ? succeed(session) : refuse('session_invalid')
    },
  }
}

interface Read {
  identity: Identity
  expired: boolean
}

const EXPIRED = 'The identity token has expired.'

const FIND_SECRET: Statement = {
  name: 'auth/find-identity-secret',
  text: 'SELECT identity_secret FROM clients WHERE id = $1',
}

/** One algorithm and our own key: nothing that the token's header says is believed. */
async function readToken(
  token: string,
  secret: string,
  check: Validate<IdentityClaims>,
): Promise<Result<Read>> {
  const claims = await verified(token, secret)
  if (claims === null) return refuse('identity_invalid', 'The identity token is not signed by this client.')
  const valid = check(claims.payload)
  if (!valid.ok) return refuse('identity_invalid', `In the identity token: ${valid.error.message}`)
  const { sub, name, email, attributes } = valid.data
  const identity = { user_id: sub, name: name ?? null, email: email ?? null, attributes: attributes ?? {} }
  return succeed({ identity, expired: claims.expired })
}

/** What a signature that is right says; null where it is not, or not yet. */
async function verified(
  token: string,
  secret: string,
): Promise<{ payload: unknown; expired: boolean } | null> {
  const rules = { algorithms: ['HS256'], clockTolerance: CLOCK_TOLERANCE }
  try {
    const { payload } = await jwtVerify(token, Buffer.from(secret), rules)
    return { payload, expired: false }
  } catch (error) {
    // Found out only after the signature was seen to be right.
    if (error instanceof errors.JWTExpired) return { payload: error.payload, expired: true }
    if (error instanceof errors.JOSEError) return null
    throw error
  }
}
