import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'

/** What a guess costs: scrypt's N as a power of two, r and p (RFC 7914). */
export interface HashCost {
  ln: number
  r: number
  p: number
}

/**
 * One of the settings that OWASP's Password Storage Cheat Sheet calls equally strong: the one with 32 MB, so that
 * several hashes at once do not take a small machine's memory.
 */
export const HASH_COST: HashCost = { ln: 15, r: 8, p: 3 }

const SALT_BYTES = 16
const KEY_BYTES = 32

/** A password in the form in which it is kept: `$scrypt$ln=15,r=8,p=3$salt$key`, so that its cost can be raised later. */
export async function hashPassword(password: string, cost: HashCost): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  const key = await derive(password, salt, cost)
  const { ln, r, p } = cost
  return `$scrypt$ln=${ln},r=${r},p=${p}$${salt.toString('base64url')}$${key.toString('base64url')}`
}

/** Whether it is the password that was kept so. What we did not write fits no password. */
export async function fitsHash(password: string, kept: string): Promise<boolean> {
  const [, ln, r, p, salt, key] = FORM.exec(kept) ?? []
  if (salt === undefined || key === undefined) return false
  const cost = { ln: Number(ln), r: Number(r), p: Number(p) }
  const derived = await derive(password, Buffer.from(salt, 'base64url'), cost)
  return timingSafeEqual(derived, Buffer.from(key, 'base64url'))
}

/** At most 2^20 blocks: what stands in the table may not take the machine's memory either. */
const FORM = /^\$scrypt\$ln=(\d|1\d|20),r=([1-9]\d?),p=([1-9]\d?)\$([\w-]{11,86})\$([\w-]{43})$/

function derive(password: string, salt: Buffer, { ln, r, p }: HashCost): Promise<Buffer> {
  const N = 2 ** ln
  // Node refuses what needs as much as `maxmem`: 128 * N * r bytes, and a little for each p.
  const maxmem = 128 * r * (N + p + 2)
  return new Promise((resolve, reject) => {
    // As NIST SP 800-63B says: the same characters, however a keyboard composes them, are the same password.
    scrypt(password.normalize('NFKC'), salt, KEY_BYTES, { N, r, p, maxmem }, (error, key) => {
      if (error) reject(error)
      else resolve(key)
    })
  })
}
