const BLANK_OR_CONTROL = /[\s\p{Cc}]/u
const SCHEMES = new Set(['http:', 'https:', 'mailto:', 'tel:'])

/** The address when it may be followed: absolute, and http, https, mailto or tel. Null for everything else. */
export function safeHref(address: string): string | null {
  // Browsers drop tabs and line ends inside an address before they read its scheme: so such an address is none.
  if (BLANK_OR_CONTROL.test(address)) return null
  try {
    const url = new URL(address)
    return SCHEMES.has(url.protocol) ? url.href : null
  } catch {
    return null
  }
}
