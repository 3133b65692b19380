import { wireError, type ErrorCode, type WireError } from './errors.ts'

/**
 * What every request comes to, in the domain as on the wire: data, or one of the coded errors that people and
 * networks can cause. Bugs are thrown, never returned.
 */
export type Result<T> = { ok: true; data: T } | { ok: false; error: WireError }

export function succeed<T>(data: T): { ok: true; data: T } {
  return { ok: true, data }
}

export function refuse(
  code: ErrorCode,
  message?: string,
  retryAfterMs?: number,
): { ok: false; error: WireError } {
  return { ok: false, error: wireError(code, message, retryAfterMs) }
}
