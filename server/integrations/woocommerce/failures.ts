import { failureOf, type JsonAnswer } from '../exchange.ts'
import type { Failure, Problem } from '../kind.ts'

/** What an answer with a status of failure means: WordPress names each by a code, in whatever language its words are. */
export function failureOfWoo(answer: Omit<JsonAnswer, 'ok'>): Failure {
  const { status, headers, body } = answer
  const known = CODES[`${codeOf(body)} ${String(status)}`] ?? CODES[codeOf(body)]
  if (known) return failed(...known)
  return failureInstead(failureOf({ status, headers, body: null }))
}

/** What there is instead of an answer. A page that says 404 is no product that is missing: its API is not there. */
export function failureInstead(failure: Failure): Failure {
  return failure.problem === 'not_found' ? failed(...NO_API) : failure
}

function failed(problem: Problem, message: string): Failure {
  return { ok: false, problem, message, sent: true }
}

const NO_API: [Problem, string] = [
  'failing',
  'WooCommerce’s API is not found at the shop’s address: WooCommerce may be switched off, or permalinks be plain.',
]

const NO_SUCH_THING: [Problem, string] = ['not_found', 'There is no such thing in the shop.']

/** With the status where it matters: who is not known at all gets 401, who is known but may not gets 403. */
const CODES: Record<string, [Problem, string]> = {
  rest_no_route: NO_API,
  woocommerce_rest_authentication_error: [
    'unauthorized',
    'The shop does not take the consumer secret, or the key may only write.',
  ],
  'woocommerce_rest_cannot_view 401': [
    'unauthorized',
    'The shop does not know the consumer key, or its server drops the Authorization header on the way to WordPress.',
  ],
  'woocommerce_rest_cannot_view 403': [
    'forbidden',
    'The user to whom the key belongs may not see this: it has to be an administrator or a shop manager.',
  ],
  woocommerce_rest_product_invalid_id: NO_SUCH_THING,
  woocommerce_rest_shop_order_invalid_id: NO_SUCH_THING,
  rest_invalid_param: ['rejected', 'WooCommerce does not take the question.'],
  internal_server_error: ['failing', 'WordPress broke over the question.'],
}

function codeOf(body: unknown): string {
  const { code } = Object(body) as { code?: unknown }
  return typeof code === 'string' ? code : ''
}
