/**
 * Revisions of the protocol that begin with a handshake, and may have sessions; the newest first, which is asked for.
 * https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle
 */
export const WITH_HANDSHAKE = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'] as const

/** The revision without a handshake and without sessions. https://modelcontextprotocol.io/specification/2026-07-28 */
export const STATELESS = '2026-07-28'

/** From here on, every request after the handshake names its revision in a header. */
const NAMED_SINCE = '2025-06-18'

/** Revisions are dates, so they sort as texts do. */
export function isNamedInHeader(revision: string): boolean {
  return revision >= NAMED_SINCE
}

/** Errors by which a server of `STATELESS` says that it speaks other revisions, and which. */
export const REVISION_NOT_SPOKEN = -32_022
