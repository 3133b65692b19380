import { randomBytes } from 'node:crypto'

/** A password that nobody guesses: 120 bits, in 20 characters. */
export function makePassword(): string {
  return randomBytes(15).toString('base64url')
}
