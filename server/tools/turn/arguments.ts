import { UNSAFE_NAMES } from '../catalogue/parameters-schema.ts'

/** Characters of a call's arguments as JSON, and objects and lists within one another. */
export const ARGUMENT_LIMITS = { length: 16_384, depth: 16 } as const

/** What speaks against arguments, whatever the tool, in words for the model; null where nothing does. */
export function argumentsFault(given: Record<string, unknown>): string | null {
  const fault = faultIn(given, ARGUMENT_LIMITS.depth)
  if (fault !== null) return fault
  const isLong = JSON.stringify(given).length > ARGUMENT_LIMITS.length
  return isLong
    ? `Not run: the arguments are longer than ${String(ARGUMENT_LIMITS.length)} characters.`
    : null
}

function faultIn(value: unknown, depth: number): string | null {
  if (typeof value !== 'object' || value === null) return null
  if (depth === 0) return 'Not run: the arguments are nested too deeply.'
  for (const [name, one] of Object.entries(value)) {
    if (UNSAFE_NAMES.has(name)) return `Not run: the arguments may not have "${name}".`
    const fault = faultIn(one, depth - 1)
    if (fault !== null) return fault
  }
  return null
}
