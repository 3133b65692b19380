import { createHash, randomBytes } from 'node:crypto'

/** A new secret of 256 bits, base64url, 43 characters. */
export function makeSessionToken(): string {
  return randomBytes(32).toString('base64url')
}

/** What is kept of it. A fast hash is enough: there is nothing to guess in 256 random bits. */
export function hashSessionToken(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
