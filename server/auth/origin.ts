/**
 * An entry of a client's `allowed_origins`:
 * - `https://shop.example` or `http://shop.example:8080`: that origin, and no other scheme, host or port;
 * - `http://localhost:*`: that scheme and host on any port (IPv6 literals as `http://[::1]:*`);
 * - `file:`: pages opened from disk may embed the widget. They have no origin, so nothing else follows from it.
 */
export type OriginEntry =
  | { kind: 'origin'; origin: string }
  | { kind: 'any-port'; scheme: string; hostname: string }
  | { kind: 'file' }

/** What is known of whoever speaks. */
export interface Speaker {
  /** The `Origin` header; null where there is none, the text `null` where the browser says so. */
  origin: string | null
  /** The `Host` header. */
  host: string | null
  /** Whether it comes with a session token, which is then checked by itself. */
  hasToken: boolean
}

/** Whether this origin may speak for a client with these entries. `publicUrl` is ours, where it is configured. */
export function maySpeak(
  speaker: Speaker,
  allowedOrigins: readonly string[],
  publicUrl: string | null,
): boolean {
  const { origin } = speaker
  if (origin === null) return true
  if (origin === 'null') return speaker.hasToken
  const url = parseOrigin(origin)
  if (url === null) return false
  return isOwn(url, speaker.host, publicUrl) || allowedOrigins.some((entry) => matches(url, entry))
}

/** Null when the text is no entry. What is one can be written into a header as it is. */
export function parseOriginEntry(text: string): OriginEntry | null {
  if (text === 'file:') return { kind: 'file' }
  const [, scheme, host, port] = ENTRY.exec(text) ?? []
  if (scheme === undefined || host === undefined) return null
  const anyPort = port === ':*'
  const url = parseUrl(`${scheme}://${host}${anyPort ? '' : (port ?? '')}`)
  if (url === null || !HOSTNAME.test(url.hostname)) return null
  if (anyPort) return { kind: 'any-port', scheme: url.protocol, hostname: url.hostname }
  return { kind: 'origin', origin: url.origin }
}

const ENTRY = /^(https?):\/\/(\[[0-9a-f:.]+\]|[^\s/?#@:[\]\\]+)(:\d{1,5}|:\*)?\/?$/i

/** Nothing that means something in a Content-Security-Policy, above all no wildcard and no semicolon. */
const HOSTNAME = /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])$/

/** An `Origin` header as browsers write it: anything spelled otherwise is not one. */
function parseOrigin(text: string): URL | null {
  const url = parseUrl(text)
  return url !== null && url.origin === text ? url : null
}

function parseUrl(text: string): URL | null {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return null
  const url = new URL(text)
  return url.hostname === '' ? null : url
}

function isOwn(url: URL, host: string | null, publicUrl: string | null): boolean {
  if (publicUrl !== null) return url.origin === new URL(publicUrl).origin
  return host !== null && url.host === withoutDefaultPort(host.toLowerCase(), url.protocol)
}

/** Behind a proxy that ends TLS the scheme is not known here, so that of the origin decides. */
function withoutDefaultPort(host: string, scheme: string): string {
  return host.replace(scheme === 'https:' ? /:443$/ : /:80$/, '')
}

function matches(url: URL, text: string): boolean {
  const entry = parseOriginEntry(text)
  if (entry?.kind === 'origin') return entry.origin === url.origin
  return entry?.kind === 'any-port' && entry.scheme === url.protocol && entry.hostname === url.hostname
}
