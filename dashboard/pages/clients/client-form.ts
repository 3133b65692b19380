import { linesOf } from '../../parts/changes.ts'

/** A site as the server takes it: scheme and host, perhaps a port or `*` for any. */
const ORIGIN = /^(https?:\/\/[A-Za-z0-9.:*[\]-]+|file:)$/

/** The first line that is no site, such as an address with a path; null where all are. */
export function wrongOrigin(text: string): string | null {
  return linesOf(text).find((line) => !ORIGIN.test(line)) ?? null
}

/** What people paste is the address of a page; what is meant is its site. */
export function tidyOrigins(text: string): string {
  const tidied = linesOf(text).map((line) => {
    const [, site] = /^(https?:\/\/[^/?#\s]+)[/?#]?.*$/.exec(line) ?? []
    return site ?? (/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(line) ? `https://${line}` : line)
  })
  return [...new Set(tidied)].join('\n')
}
