import { randomBytes } from 'node:crypto'
import type { Variables } from './variables.ts'

/** What must never be told. */
export interface SecretsConfig {
  /** Signs the access tokens of admins: 32 characters at least. */
  jwt: string
  /** 32 bytes: what is kept in the database of others' credentials is encrypted with it. */
  encryption: Buffer
  /** The key before that one, with which what was encrypted then can still be read. */
  encryptionPrevious: Buffer | null
}

/** Gives the secret that is kept under a name in the data folder, and makes it the first time: 64 hex digits. */
export type KeepSecret = (dir: string, name: string) => string

/** A secret that nobody keeps: for whoever only looks at the configuration. */
export const makeSecret: KeepSecret = () => randomBytes(KEY_BYTES).toString('hex')

/** Secrets as far as the environment has them. */
export type GivenSecrets = { [name in keyof SecretsConfig]: SecretsConfig[name] | null }

/** AES-256's. */
const KEY_BYTES = 32
/** RFC 7518, 3.2: HS256 wants a key as long as its hash. */
const SHORTEST_SECRET = 32

const JWT = `at least ${SHORTEST_SECRET} characters, such as openssl rand -hex 32 gives`
const KEY = `${KEY_BYTES} bytes in hex or base64, such as openssl rand -hex ${KEY_BYTES} gives`

/** What several processes may share must be given; an embedded database can keep it beside itself. */
export function readSecrets(variables: Variables, { embedded }: { embedded: boolean }): GivenSecrets {
  if (!embedded) {
    variables.needed('JWT_SECRET', `${JWT}, since DATABASE_URL is set`)
    variables.needed('ENCRYPTION_KEY', `${KEY}, since DATABASE_URL is set`)
  }
  const readJwt = (text: string) => (text.length >= SHORTEST_SECRET ? text : null)
  return {
    jwt: variables.take('JWT_SECRET', null, JWT, readJwt, 'secret'),
    encryption: variables.take('ENCRYPTION_KEY', null, KEY, readKey, 'secret'),
    encryptionPrevious: variables.take('ENCRYPTION_KEY_PREVIOUS', null, KEY, readKey, 'secret'),
  }
}

/** Completes what was given with what is kept in `dir`. */
export function completeSecrets(given: GivenSecrets, dir: string, keep: KeepSecret): SecretsConfig {
  return {
    jwt: given.jwt ?? keep(dir, 'jwt-secret'),
    encryption: given.encryption ?? Buffer.from(keep(dir, 'encryption-key'), 'hex'),
    encryptionPrevious: given.encryptionPrevious,
  }
}

function readKey(text: string): Buffer | null {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex')
  // Node takes both alphabets for base64.
  return /^[A-Za-z0-9+/_-]{43}=?$/.test(text) ? Buffer.from(text, 'base64') : null
}
