import { RATES } from '../../protocol/limits.ts'
import type { Result } from '../../protocol/result.ts'
import { PROTOCOL_VERSION } from '../../protocol/version.ts'
import { WidgetHandshake } from '../../protocol/widget.ts'
import { authenticateSession } from '../../server/auth/authenticate-session.ts'
import type { Client, ClientDirectory } from '../../server/auth/client-directory.ts'
import { maySpeak } from '../../server/auth/origin.ts'
import type { Identities } from '../../server/auth/identity/identities.ts'
import type { VisitorSession } from '../../server/auth/visitor-session.ts'
import { startSession } from '../../server/auth/start-session.ts'
import type { Database } from '../../server/infra/database.ts'
import type { RateLimits } from '../../server/infra/rate-limit.ts'
import type { CompileSchema, Validate } from '../../server/infra/validate.ts'
import { RefusedHandshake } from '../refusal.ts'
import type { WidgetSocketData } from './socket-types.ts'

export interface HandshakeParts {
  database: Database
  directory: ClientDirectory
  identities: Identities
  limits: RateLimits
  compile: CompileSchema
  /** Our own origin, where it is configured. */
  publicUrl: string | null
}

/** What a raw connection says before anybody knows who it is. */
export interface Knock {
  auth: unknown
  origin: string | null
  host: string | null
  /** What limits count by. */
  address: string
}

/** Finds out who knocks, or throws `RefusedHandshake`. A visitor who shows no session gets a new one. */
export type Admit = (knock: Knock) => Promise<WidgetSocketData>

export function createAdmission(parts: HandshakeParts): Admit {
  const validate = parts.compile(WidgetHandshake)
  return (knock) => admit(parts, readAuth(validate, knock.auth), knock)
}

async function admit(parts: HandshakeParts, auth: WidgetHandshake, knock: Knock): Promise<WidgetSocketData> {
  const { address } = knock
  const client = await parts.directory.findByKey(auth.client_key)
  if (!client) throw new RefusedHandshake('client_unknown')
  const speaker = { origin: knock.origin, host: knock.host, hasToken: auth.session_token !== undefined }
  if (!maySpeak(speaker, client.allowed_origins, parts.publicUrl)) {
    throw new RefusedHandshake('origin_not_allowed')
  }
  const { conversation_id, last_seq, reply } = auth
  const cursor = {
    ...(conversation_id === undefined ? {} : { conversation_id }),
    ...(last_seq === undefined ? {} : { last_seq }),
    ...(reply === undefined ? {} : { reply }),
  }
  const { session, token } = await findOrStart(parts, client, auth, address)
  return { session, address, greeting: { cursor, ...(token === undefined ? {} : { token }) } }
}

function readAuth(validate: Validate<WidgetHandshake>, auth: unknown): WidgetHandshake {
  const version = typeof auth === 'object' && auth !== null && 'protocol' in auth ? auth.protocol : undefined
  if (typeof version === 'number' && version !== PROTOCOL_VERSION) {
    throw new RefusedHandshake('protocol_unsupported', `Protocol ${PROTOCOL_VERSION} is spoken here.`)
  }
  const valid = validate(auth)
  if (!valid.ok) throw new RefusedHandshake(valid.error.code, valid.error.message)
  return valid.data
}

async function findOrStart(
  parts: HandshakeParts,
  client: Client,
  auth: WidgetHandshake,
  address: string,
): Promise<{ session: VisitorSession; token?: string }> {
  const { session_id: sessionId, session_token: token, identity_token, locale } = auth
  if (sessionId === undefined && token === undefined) {
    const allowance = await parts.limits.take(`sessions:${address}`, RATES.addressSessions)
    if (!allowance.allowed) throw new RefusedHandshake('rate_limited', undefined, allowance.retryAfterMs)
    const identity = identity_token && admitted(await parts.identities.verify(client.id, identity_token))
    return startSession(parts.database, client, { ...(locale && { locale }), ...(identity && { identity }) })
  }
  const claim = { sessionId: sessionId ?? '', token: token ?? '', clientId: client.id }
  const session = await authenticateSession(parts.database, claim)
  if (!session) throw new RefusedHandshake('session_invalid')
  if (identity_token === undefined) return { session }
  return { session: admitted(await parts.identities.identify(session, identity_token)) }
}

function admitted<T>(result: Result<T>): T {
  if (result.ok) return result.data
  throw new RefusedHandshake(result.error.code, result.error.message)
}
