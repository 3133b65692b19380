import type { Failure, Verdict } from '../kind.ts'
import type { Login, Looked } from './engine.ts'

/** What trying a connection came to, in words for a person. */
export function verdictOf(looked: { ok: true; data: Looked } | Failure, { user, tls }: Login): Verdict {
  if (!looked.ok) return { ok: false, message: looked.message }
  const { product, warnings } = looked.data
  const found = `${product}, ${PROTECTION[tls?.mode ?? 'disable']}, as "${user}"`
  if (warnings.length === 0) return { ok: true, message: `${found}, who may only read.` }
  const advice = 'Give us a user that may only read: docs/integrations.md says how.'
  return { ok: true, message: `${found}. But: ${warnings.join(' ')} ${advice}` }
}

const PROTECTION = {
  'verify-full': 'encrypted',
  require: 'encrypted, though whoever answers is not checked',
  disable: 'not encrypted',
} as const
