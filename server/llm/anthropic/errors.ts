import type * as Sdk from '@anthropic-ai/sdk'
import { ProviderError, type ProviderFault } from '../provider.ts'
import type { WireError } from './wire.ts'

/** Characters of the vendor's own words that are told. */
const LONGEST_WORDS = 300

/** What the types of an `error` event mean; any other is a broken stream. */
const STREAM_FAULTS: Readonly<Record<string, ProviderFault>> = {
  overloaded_error: 'overloaded',
  api_error: 'overloaded',
  timeout_error: 'overloaded',
  rate_limit_error: 'rate_limited',
  invalid_request_error: 'rejected',
  authentication_error: 'rejected',
  permission_error: 'rejected',
  billing_error: 'rejected',
  not_found_error: 'rejected',
  request_too_large: 'rejected',
}

/**
 * An error of the SDK or of the network as a `ProviderError`; anything else, which is a bug, as it is. `secret` never
 * appears in the message.
 */
export function providerError(sdk: typeof Sdk, error: unknown, secret: string): unknown {
  if (error instanceof sdk.APIConnectionError) return unreachable(error)
  if (!(error instanceof sdk.APIError)) return error
  const { status, headers } = error as { status: number | undefined; headers: Headers | undefined }
  const code = faultOf(status)
  // Only an operator can mend a rejected request, so he reads why; other failures explain themselves.
  const words = code === 'rejected' ? (error.apiMessage ?? '') : ''
  const told = [status, error.type, words.replaceAll(secret, '...').slice(0, LONGEST_WORDS)]
  const request = error.requestID ? ` (${error.requestID})` : ''
  return new ProviderError(code, told.filter(Boolean).join(' ') + request, {
    retryAfterMs: retryAfter(headers),
    retryable: shouldRetry(headers),
  })
}

/** The failure that an `error` event in the middle of a stream tells of. */
export function streamError(error: WireError | undefined): ProviderError {
  const type = typeof error?.type === 'string' ? error.type : 'error of no type'
  return new ProviderError(STREAM_FAULTS[type] ?? 'broken_stream', `${type} in mid-answer`)
}

function faultOf(status: number | undefined): ProviderFault {
  if (status === 429) return 'rate_limited'
  if (status === undefined || status >= 500 || status === 408 || status === 409) return 'overloaded'
  return 'rejected'
}

function unreachable({ cause }: Sdk.APIConnectionError): ProviderError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'no connection in time'
  return new ProviderError('unreachable', `No connection to the model (${code})`)
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
