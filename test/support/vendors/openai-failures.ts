import type { ProviderFault } from '../../../server/llm/provider.ts'
import type { VendorFailure } from './reply.ts'

/** The vendor's codes for failures inside a stream. */
export const STREAM_CODES: Record<ProviderFault, string> = {
  unreachable: 'server_error',
  overloaded: 'server_error',
  rate_limited: 'rate_limit_exceeded',
  rejected: 'invalid_prompt',
  timeout: 'server_error',
  broken_stream: 'brand_new_error',
}

/** Type and code of an error by its status. */
const KINDS: Record<number, [type: string, code: string | null]> = {
  401: ['invalid_request_error', 'invalid_api_key'],
  404: ['invalid_request_error', 'model_not_found'],
  429: ['requests', 'rate_limit_exceeded'],
  500: ['server_error', null],
  503: ['service_unavailable_error', 'server_is_overloaded'],
}

/** The body of a failure before anything was said. `type`: the vendor's code, where it is another one. */
export function failureBody({ status, message = 'Sorry', type }: VendorFailure): object {
  const [kind, code] = KINDS[status] ?? ['invalid_request_error', null]
  return { error: { message, type: kind, param: null, code: type ?? code } }
}
