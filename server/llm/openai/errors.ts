import type * as Sdk from 'openai'
import { objectOf } from '../json-object.ts'
import { ProviderError, type ModelRequest, type ProviderFault } from '../provider.ts'
import { faultOf, repetitionAsked, toldWords, unreachable } from '../vendor-faults.ts'
import type { WireError } from './wire.ts'

/** What comes with 429 although waiting does not help: the account has no credit. */
const NO_CREDIT = new Set(['insufficient_quota', 'billing_not_active', 'billing_hard_limit_reached'])

/** What the codes and types of failures inside a stream mean; any other is a broken stream. */
const STREAM_FAULTS: Readonly<Record<string, ProviderFault>> = {
  server_error: 'overloaded',
  server_is_overloaded: 'overloaded',
  service_unavailable_error: 'overloaded',
  slow_down: 'overloaded',
  internal_server_error: 'overloaded',
  InternalServerError: 'overloaded',
  timeout: 'overloaded',
  rate_limit_exceeded: 'rate_limited',
  rate_limit_error: 'rate_limited',
  requests: 'rate_limited',
  tokens: 'rate_limited',
  insufficient_quota: 'rejected',
  billing_not_active: 'rejected',
  billing_hard_limit_reached: 'rejected',
  invalid_prompt: 'rejected',
  invalid_request_error: 'rejected',
  context_length_exceeded: 'rejected',
  model_not_found: 'rejected',
  BadRequestError: 'rejected',
}

/**
 * An error of the SDK or of the network as a `ProviderError`; anything else, which is a bug, as it is. Neither the key
 * nor anything of the conversation appears in the message.
 */
export function providerError(sdk: typeof Sdk, error: unknown, key: string, request: ModelRequest): unknown {
  if (error instanceof sdk.APIConnectionError) return unreachable(error.cause)
  if (!(error instanceof sdk.APIError)) return error
  const { status, headers, requestID } = error as Sdk.APIError
  const kind = kindOf(error)
  const isBroke = kind !== null && NO_CREDIT.has(kind)
  const code = isBroke ? 'rejected' : faultOf(status)
  // Only an operator can mend a rejected request, so he reads why; other failures explain themselves.
  const words = code === 'rejected' ? toldWords(wordsOf(error.error), key, request) : ''
  const told = [status, kind, words].filter(Boolean).join(' ')
  const id = requestID ? ` (${requestID})` : ''
  const { retryAfterMs, retryable } = repetitionAsked(headers)
  return new ProviderError(code, told + id, { retryAfterMs, retryable: isBroke ? false : retryable })
}

/** The failure that the stream itself tells of. A code may also be an HTTP status. */
export function streamError(error: WireError): ProviderError {
  const kind = kindOf(error)
  const status = Number(error.code)
  const fault = status >= 400 ? faultOf(status) : (faultNamed(error.code) ?? faultNamed(error.type))
  return new ProviderError(fault ?? 'broken_stream', `${kind ?? 'error of no kind'} in mid-answer`)
}

function faultNamed(name: unknown): ProviderFault | undefined {
  return typeof name === 'string' ? STREAM_FAULTS[name] : undefined
}

/** The vendor's name for what happened, the more exact one first; anything but a name is not told. */
function kindOf({ code, type }: { code?: unknown; type?: unknown }): string | null {
  const names = [code, type].filter((name) => typeof name === 'string' && /^[\w.-]{1,64}$/.test(name))
  return (names[0] as string | undefined) ?? null
}

/** What is said in the body of a failure: an object with a message, or on some servers the words themselves. */
function wordsOf(body: unknown): string {
  const said = typeof body === 'string' ? body : objectOf(body)?.['message']
  return typeof said === 'string' ? said : ''
}
