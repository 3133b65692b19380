import { ProviderError, type ProviderFault } from './provider.ts'

/** Characters of a vendor's own words that are told. */
const LONGEST_WORDS = 300

/** What an HTTP status means that is no success; none: the SDK gave up before there was one. */
export function faultOf(status: number | undefined): ProviderFault {
  if (status === 429) return 'rate_limited'
  if (status === undefined || status >= 500 || status === 408 || status === 409) return 'overloaded'
  return 'rejected'
}

/** No connection, with the system's code for why. `cause` is the error of the network. */
export function unreachable(cause: unknown): ProviderError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'no connection in time'
  return new ProviderError('unreachable', `No connection to the model (${code})`)
}

/** What a failure's headers ask for: how long to wait, and whether to repeat at all. */
export function repetitionAsked(headers: Headers | undefined): {
  retryAfterMs: number | undefined
  retryable: boolean | undefined
} {
  return { retryAfterMs: retryAfter(headers), retryable: shouldRetry(headers) }
}

/** A vendor's own words, short enough for the log and without the key. */
export function toldWords(words: string, secret: string): string {
  return (secret === '' ? words : words.replaceAll(secret, '...')).slice(0, LONGEST_WORDS)
}

/** Milliseconds that the vendor asks to wait: `retry-after-ms`, or `retry-after` in seconds or as a date. */
function retryAfter(headers: Headers | undefined): number | undefined {
  const ms = Number.parseFloat(headers?.get('retry-after-ms') ?? '')
  if (ms >= 0) return ms
  const value = headers?.get('retry-after') ?? ''
  const seconds = Number.parseFloat(value)
  if (seconds >= 0) return seconds * 1_000
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now())
}

function shouldRetry(headers: Headers | undefined): boolean | undefined {
  const said = headers?.get('x-should-retry')
  return said === 'true' || said === 'false' ? said === 'true' : undefined
}
