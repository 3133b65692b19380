import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'

/** Which value of which row is sealed: what was sealed for one opens for no other. */
export interface SealedPlace {
  table: string
  column: string
  /** Of the row. */
  id: string
}

/** Keeps values that we must be able to read again, such as credentials, unreadable in the database. */
export interface Secrets {
  /** Each time another text. */
  seal(value: string, place: SealedPlace): string
  /** Throws `SealBroken` where the text was not sealed for this place, with a key that is known here. */
  open(sealed: string, place: SealedPlace): string
  /** False where an earlier key has sealed it: seal it anew. */
  isCurrent(sealed: string): boolean
}

/** What was kept cannot be read: it was altered, moved, or sealed with a key that is not known here. */
export class SealBroken extends Error {
  constructor({ table, column, id }: SealedPlace, reason: string) {
    super(`${table}.${column} of ${id} cannot be opened: ${reason}.`)
    this.name = 'SealBroken'
  }
}

const CIPHER = 'aes-256-gcm'
/** Bytes: what NIST SP 800-38D recommends of a nonce, and all that it allows of a tag. */
const NONCE = 12
const TAG = 16

/** Keys of 32 bytes. */
export interface SealingKeys {
  encryption: Buffer
  /** Opens what it has sealed; nothing is sealed with it any more. */
  encryptionPrevious: Buffer | null
}

export function createSecrets({ encryption: current, encryptionPrevious: previous }: SealingKeys): Secrets {
  const known = previous ? [previous, current] : [current]
  const keys = new Map(known.map((key) => [nameOf(key), key]))
  const currentName = nameOf(current)
  return {
    seal: (value, place) => `v1.${currentName}.${encrypt(value, current, place).toString('base64url')}`,
    open(sealed, place) {
      const { name, bytes } = read(sealed, place)
      const key = keys.get(name)
      if (!key) throw new SealBroken(place, 'ENCRYPTION_KEY is another one than it was sealed with')
      return decrypt(bytes, key, place)
    },
    isCurrent: (sealed) => sealed.startsWith(`v1.${currentName}.`),
  }
}

/** Tells keys apart without telling anything of them. */
function nameOf(key: Buffer): string {
  return createHash('sha256').update('parlor key name').update(key).digest('base64url').slice(0, 8)
}

function read(sealed: string, place: SealedPlace): { name: string; bytes: Buffer } {
  const [version, name = '', body = '', ...more] = sealed.split('.')
  const bytes = Buffer.from(body, 'base64url')
  if (version !== 'v1' || more.length > 0 || bytes.length < NONCE + TAG) {
    throw new SealBroken(place, 'it is nothing that was sealed')
  }
  return { name, bytes }
}

/** Nonce, ciphertext, tag. */
function encrypt(value: string, key: Buffer, place: SealedPlace): Buffer {
  const nonce = randomBytes(NONCE)
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG }).setAAD(boundTo(place))
  return Buffer.concat([nonce, cipher.update(value, 'utf8'), cipher.final(), cipher.getAuthTag()])
}

function decrypt(bytes: Buffer, key: Buffer, place: SealedPlace): string {
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE), { authTagLength: TAG })
  decipher.setAAD(boundTo(place)).setAuthTag(bytes.subarray(-TAG))
  try {
    return Buffer.concat([decipher.update(bytes.subarray(NONCE, -TAG)), decipher.final()]).toString('utf8')
  } catch {
    throw new SealBroken(place, 'it was altered, or sealed for another place')
  }
}

/** No part can hold a slash, so two places never read alike. */
function boundTo({ table, column, id }: SealedPlace): Buffer {
  return Buffer.from(`${table}/${column}/${id}`)
}
