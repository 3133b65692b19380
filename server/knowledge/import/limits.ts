import { DOCUMENT_BYTES } from '../../../protocol/knowledge.ts'

/** What one imported file may cost. Text and passages are bounded by `DOCUMENT_LIMITS`. */
export const IMPORT_LIMITS = {
  /** Bytes of a file. */
  bytes: DOCUMENT_BYTES,
  pages: 500,
  /** Milliseconds that reading HTML or PDF may take. */
  timeMs: 30_000,
  /** Bytes by which this process may grow meanwhile. */
  memory: 512 * 1024 * 1024,
} as const

export type ImportLimits = { readonly [Name in keyof typeof IMPORT_LIMITS]: number }
