/** A name with its text, as it is edited. */
export interface Pair {
  name: string
  value: string
}

/** Pairs of a record of texts. */
export function pairsOf(value: unknown): Pair[] {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : []
  return entries.map(([name, text]) => ({ name, value: String(text) }))
}

/** The other way; pairs without a name are left out. Undefined where none is left. */
export function recordOf(pairs: readonly Pair[]): Record<string, string> | undefined {
  const named = pairs.filter(({ name }) => name.trim() !== '')
  return named.length === 0
    ? undefined
    : Object.fromEntries(named.map(({ name, value }) => [name.trim(), value]))
}
