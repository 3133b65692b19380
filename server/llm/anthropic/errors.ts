import type * as Sdk from '@anthropic-ai/sdk'
import { ProviderError, type ModelRequest, type ProviderFault } from '../provider.ts'
import { faultOf, repetitionAsked, toldWords, unreachable } from '../vendor-faults.ts'
import type { WireError } from './wire.ts'

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
 * An error of the SDK or of the network as a `ProviderError`; anything else, which is a bug, as it is. Neither the key
 * nor anything of the conversation appears in the message.
 */
export function providerError(sdk: typeof Sdk, error: unknown, key: string, request: ModelRequest): unknown {
  if (error instanceof sdk.APIConnectionError) return unreachable(error.cause)
  if (!(error instanceof sdk.APIError)) return error
  const { status, headers } = error as { status: number | undefined; headers: Headers | undefined }
  const code = faultOf(status)
  // Only an operator can mend a rejected request, so he reads why; other failures explain themselves.
  const words = code === 'rejected' ? toldWords(error.apiMessage ?? '', key, request) : ''
  const id = error.requestID ? ` (${error.requestID})` : ''
  const told = [status, error.type, words].filter(Boolean).join(' ')
  return new ProviderError(code, told + id, repetitionAsked(headers))
}

/** The failure that an `error` event in the middle of a stream tells of. */
export function streamError(error: WireError | undefined): ProviderError {
  const type = typeof error?.type === 'string' ? error.type : 'error of no type'
  return new ProviderError(STREAM_FAULTS[type] ?? 'broken_stream', `${type} in mid-answer`)
}
