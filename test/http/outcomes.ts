import assert from 'node:assert/strict'
import type { Outcome } from '../../client/failure.ts'

/** What an answer brings, or a test that fails with why it brings nothing. */
export function dataOf<T>(outcome: Outcome<T>): T {
  assert.ok(outcome.ok, outcome.ok ? '' : `${outcome.error.code}: ${outcome.error.message}`)
  return outcome.data
}

/** `ok`, or the code of what it was refused with. */
export function codeOf(outcome: Outcome<unknown>): string {
  return outcome.ok ? 'ok' : outcome.error.code
}
