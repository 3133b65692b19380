import { randomUUID } from 'node:crypto'
import type { SignInBody } from '../../../protocol/admin-auth.ts'
import { RATES } from '../../../protocol/limits.ts'
import { refuse, succeed, type Result } from '../../../protocol/result.ts'
import type { Database, Statement } from '../../infra/database.ts'
import { takeAll, type RateLimits } from '../../infra/rate-limit.ts'
import type { KnownDevice, KnownDevices } from './known-devices.ts'
import type { Passwords } from './passwords.ts'
import { hashRefreshToken, makeRefreshToken } from './refresh-token.ts'
import { FAMILY_MS, type Person } from './sessions.ts'
import { trySignIn, type Candidate } from './try-sign-in.ts'

export interface SignInParts {
  database: Pick<Database, 'run'>
  limits: RateLimits
  passwords: Passwords
  devices: KnownDevices
}

/** From where somebody signs in. */
export interface Place {
  /** What limits count by: an IPv4 address or an IPv6 network. */
  address: string
  userAgent: string | null
  /** What `KnownDevices.remember` gave this browser. */
  device: string | null
}

/** A sign-in that was just made. */
export interface OpenedFamily {
  person: Person
  family: string
  /** Told once; only its hash is kept. */
  refreshToken: string
}

/**
 * Opens a family for who gives the right password. `unauthorized`, in the same words and for the same work, whether
 * nobody has the address, the password is wrong, or the person is shut out; `rate_limited` for an address that tries
 * too often, or while too many passwords are checked. Throws `DatabaseUnavailable`.
 */
export async function signIn(
  parts: SignInParts,
  { email, password }: SignInBody,
  place: Place,
): Promise<Result<OpenedFamily>> {
  const device = place.device === null ? null : await parts.devices.recognize(place.device)
  const allowance = await takeAll(parts.limits, limitsOf(place, device))
  if (!allowance.allowed) return refuse('rate_limited', undefined, allowance.retryAfterMs)
  const knownTo = device?.admin_id ?? null
  const candidate = await trySignIn(parts.database, { email, knownTo })
  const right = await parts.passwords.verify(password, candidate?.password_hash ?? null)
  if (!right.ok) return right
  const isKnown = candidate !== null && candidate.id === knownTo
  const opened = right.data && candidate?.admitted ? await open(parts, candidate, place, isKnown) : null
  if (opened !== null) return succeed(opened)
  await noteFailure(parts, candidate, right.data, place)
  return refuse('unauthorized', WRONG)
}

const WRONG =
  'The address or the password is wrong, or there were too many wrong ones: then wait, an hour at most.'

function limitsOf({ address }: Place, device: KnownDevice | null) {
  return [
    ...(device ? [{ key: `device-sign-ins:${device.id}`, rate: RATES.deviceSignIns }] : []),
    { key: `sign-ins:${address}`, rate: RATES.addressSignIns },
    { key: `sign-ins:${address}`, rate: RATES.addressSignInsHourly },
  ]
}

/** Null where the person was disabled, or the password changed, while it was checked. */
async function open(
  { database }: SignInParts,
  candidate: Candidate,
  { address, userAgent }: Place,
  isKnown: boolean,
): Promise<OpenedFamily | null> {
  const family = randomUUID()
  const refreshToken = makeRefreshToken()
  const details = { family, address, known_device: isKnown }
  const opened = await database.run(OPEN, [
    ...[candidate.id, candidate.password_hash, isKnown, family, hashRefreshToken(refreshToken)],
    ...[userAgent?.slice(0, USER_AGENT) ?? null, FAMILY_MS, details],
  ])
  return opened.length === 0 ? null : { person: candidate, family, refreshToken }
}

/** Characters kept of what a browser says of itself. */
const USER_AGENT = 300

/** What was written as the address is not kept: it may be a password in the wrong field. */
async function noteFailure(
  { database }: SignInParts,
  candidate: Candidate | null,
  isRight: boolean,
  { address }: Place,
): Promise<void> {
  const locks = candidate?.locks_until ?? null
  const isWrong = candidate !== null && candidate.admitted && !isRight
  const reason = candidate === null ? 'unknown_address' : isWrong ? 'wrong_password' : 'shut_out'
  const action = isWrong && locks !== null ? 'admin.locked' : 'admin.sign_in_failed'
  const details = { reason, address, ...(isWrong && locks !== null && { until: locks }) }
  const actor = candidate === null ? 'system' : 'admin'
  await database.run(NOTE, [candidate?.client_id ?? null, actor, candidate?.id ?? null, action, details])
}

/**
 * $1 admin $2 the hash that was checked $3 known device $4 family $5 token's hash $6 user agent $7 lifetime in
 * milliseconds $8 details. From a known device the count of strangers' failures stays as it is.
 */
const OPEN: Statement = {
  name: 'auth/open-admin-family',
  text: `
    WITH admitted AS (
      UPDATE admins
         SET failed_sign_ins = CASE WHEN $3::boolean THEN failed_sign_ins ELSE 0 END,
             locked_until = CASE WHEN $3::boolean THEN locked_until END
       WHERE id = $1 AND password_hash = $2 AND disabled_at IS NULL
      RETURNING id, client_id
    ), expired AS (
      DELETE FROM admin_sessions WHERE admin_id = $1 AND expires_at <= now()
    ), opened AS (
      INSERT INTO admin_sessions (admin_id, family, refresh_hash, user_agent, expires_at)
      SELECT id, $4, $5, $6, now() + $7::float8 * interval '1 millisecond' FROM admitted
    )
    INSERT INTO audit_log (client_id, actor, actor_id, action, details)
    SELECT client_id, 'admin', id, 'admin.signed_in', $8::jsonb FROM admitted
    RETURNING actor_id`,
}

const NOTE: Statement = {
  name: 'auth/note-failed-sign-in',
  text: 'INSERT INTO audit_log (client_id, actor, actor_id, action, details) VALUES ($1, $2, $3, $4, $5)',
}
