import { parseOriginEntry } from './origin.ts'

/**
 * The value of `frame-ancestors` for a client: ourselves and the sites that may embed its widget. IPv6 literals
 * cannot be written there (one would turn the whole list into `'none'`), and what is no entry is left out.
 */
export function frameAncestors(allowedOrigins: readonly string[]): string {
  const sources = allowedOrigins.map(sourceOf).filter((source) => source !== null)
  return ["'self'", ...new Set(sources)].join(' ')
}

function sourceOf(text: string): string | null {
  const entry = parseOriginEntry(text)
  if (entry?.kind === 'file') return 'file:'
  const source = entry?.kind === 'any-port' ? `${entry.scheme}//${entry.hostname}:*` : entry?.origin
  return source === undefined || source.includes('[') ? null : source
}
