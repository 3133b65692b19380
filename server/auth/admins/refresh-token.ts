import { createHash, createHmac, randomBytes } from 'node:crypto'

/** A new secret of 256 bits, base64url, 43 characters. */
export function makeRefreshToken(): string {
  return randomBytes(32).toString('base64url')
}

/**
 * The token that takes this one's place. It follows from it and from a secret that only we have, so that two tabs that
 * refresh at the same instant get the same one. HMAC-SHA-256 (RFC 2104); no text that we sign elsewhere begins so.
 */
export function nextRefreshToken(token: string, secret: string): string {
  return createHmac('sha256', secret).update(`next refresh token ${token}`).digest('base64url')
}

/** What is kept of it. A fast hash is enough: there is nothing to guess in 256 bits. */
export function hashRefreshToken(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
