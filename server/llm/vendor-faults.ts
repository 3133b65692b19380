import { ProviderError, type ModelRequest, type ProviderFault } from './provider.ts'

/** Characters of a vendor's own words that are told. */
const LONGEST_WORDS = 300

/** Characters in a row that a vendor's words may share with a conversation. */
const SHORTEST_ECHO = 8

/** What vendors' keys look like, also where a vendor shows one with stars in it. */
const KEY = /\bsk-[\w*.-]+/g

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

/**
 * A vendor's own words, short enough for the log, without any key and without what they repeat of the conversation:
 * some servers answer a request that they cannot read with the request.
 */
export function toldWords(words: string, secret: string, request?: ModelRequest): string {
  const keyless = (secret === '' ? words : words.replaceAll(secret, '...')).replace(KEY, '...')
  return withoutEcho(keyless.slice(0, LONGEST_WORDS), request ? textsOf(request) : '')
}

function textsOf({ messages }: ModelRequest): string {
  const texts = messages.flatMap((message) =>
    message.role === 'tool' ? message.results.map(({ content }) => content) : [message.text],
  )
  return texts.join('\n')
}

function withoutEcho(words: string, texts: string): string {
  let told = ''
  for (let from = 0; from < words.length;) {
    let end = from
    while (end < words.length && texts.includes(words.slice(from, end + 1))) end++
    const isEcho = end - from >= SHORTEST_ECHO
    told += isEcho ? '...' : words.slice(from, from + 1)
    from = isEcho ? end : from + 1
  }
  return told
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
