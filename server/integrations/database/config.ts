import { createHash, X509Certificate } from 'node:crypto'
import { Type, type Static } from 'typebox'
import { readServerPlace, type ServerPlace } from '../../infra/outbound/open-socket.ts'
import { placeRefusalOf } from '../../infra/outbound/refusal.ts'
import type { Login } from './engine.ts'

const closed = { additionalProperties: false }

/** Characters of a certificate; providers give files of several. */
const LONGEST_CA = 12_000

/** Where a database is and who we are there. */
export const DatabaseConfig = Type.Object(
  {
    engine: Type.Enum(['postgres', 'mysql'], { description: 'mysql is MariaDB, too.' }),
    host: Type.String({ minLength: 1, maxLength: 253 }),
    port: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_535 })),
    database: Type.String({ minLength: 1, maxLength: 64 }),
    user: Type.String({ minLength: 1, maxLength: 128 }),
    sslmode: Type.Optional(
      Type.Enum(['verify-full', 'require', 'disable'], {
        description:
          'verify-full: encrypted, and the name in the certificate is checked. require: encrypted, whoever it is.',
      }),
    ),
    ca: Type.Optional(
      Type.String({
        maxLength: LONGEST_CA,
        description: 'PEM of who issued the certificate, if not known to all.',
      }),
    ),
  },
  closed,
)
export type DatabaseConfig = Static<typeof DatabaseConfig>

export const DatabaseCredentials = Type.Object({ password: Type.String({ maxLength: 1_024 }) }, closed)
export type DatabaseCredentials = Static<typeof DatabaseCredentials>

/** What one function asks. */
export const DatabaseRequest = Type.Object(
  {
    query: Type.String({
      minLength: 1,
      maxLength: 10_000,
      description:
        'One statement that reads. :name stands for an argument, :visitor.user_id for the proven visitor.',
    }),
  },
  closed,
)
export type DatabaseRequest = Static<typeof DatabaseRequest>

const PORTS = { postgres: 5432, mysql: 3306 } as const

export function placeOf({ engine, host, port }: DatabaseConfig): ServerPlace {
  return { host, port: port ?? PORTS[engine] }
}

export function loginOf(config: DatabaseConfig, { password }: DatabaseCredentials): Login {
  const { user, database, sslmode: mode = 'verify-full', ca: authority = null } = config
  return { user, password, database, tls: mode === 'disable' ? null : { mode, authority } }
}

/** To whom the password is told: whoever weakens how that is checked has to know it. */
export function homeOf(config: DatabaseConfig): string {
  const { engine, sslmode = 'verify-full', ca = '' } = config
  const place = placeOf(config)
  const address = readServerPlace(place)?.hostAndPort ?? place.host
  return [engine, address, sslmode, createHash('sha256').update(ca).digest('hex')].join(' ')
}

/** What is wrong with a configuration, as a sentence; null: nothing. `allow`: what may be private. */
export function configFault(config: DatabaseConfig, allow: readonly string[]): string | null {
  const { sslmode = 'verify-full', ca } = config
  const place = placeOf(config)
  const refusal = placeRefusalOf(place, allow)
  if (refusal !== null) return `host ${refusal}.`
  const allowed = allow.includes(readServerPlace(place)?.hostAndPort ?? '')
  if (sslmode === 'disable' && !allowed)
    return 'sslmode may be "disable" only where the operator allows this host and port (OUTBOUND_ALLOW).'
  if (ca === undefined) return null
  if (sslmode !== 'verify-full') return 'ca is checked with sslmode "verify-full" alone.'
  return isCertificate(ca) ? null : 'ca is no certificate in PEM (-----BEGIN CERTIFICATE-----).'
}

function isCertificate(pem: string): boolean {
  try {
    // Bytes without that line would be read, too, and not be taken later.
    return new X509Certificate(pem).subject.length > 0 && pem.includes('-----BEGIN CERTIFICATE-----')
  } catch {
    return false
  }
}
