import type { AttributeChanges } from '../../protocol/telling.ts'

/** Characters of JSON that a page may tell of its visitor. */
const LIMIT = 8_000

/** What is told with these changes; a null takes an attribute away. Null where they are no attributes, or too many. */
export function mergeAttributes(told: AttributeChanges | null, changes: unknown): AttributeChanges | null {
  if (!isRecord(changes)) return null
  const merged: Record<string, object> = { ...told }
  for (const [of, values] of Object.entries(changes)) {
    if ((of !== 'visitor' && of !== 'conversation') || !isRecord(values)) return null
    merged[of] = { ...merged[of], ...values }
  }
  // Through JSON and back: what the page changes later in its own objects is not ours.
  const text = JSON.stringify(merged)
  return text.length <= LIMIT ? (JSON.parse(text) as AttributeChanges) : null
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
