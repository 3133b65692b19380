import { failureOf, type JsonAnswer } from '../exchange.ts'
import type { Failure, Problem } from '../kind.ts'

/** What an answer with a status of failure means (shopify.dev, "Shopify API response status and error codes"). */
export function failureOfShopify(answer: Omit<JsonAnswer, 'ok'>): Failure {
  const known = OAUTH[fieldOf(answer.body, 'error')] ?? STATUSES[answer.status]
  if (!known) return failureOf(answer)
  const [problem, message] = known
  return { ok: false, problem, message, sent: true }
}

/** What there is instead of an answer. A page that says 404 is no product that is missing: nobody is there. */
export function failureInstead(failure: Failure): Failure {
  return failure.problem === 'not_found' ? { ...failure, problem: 'unauthorized', message: NO_SHOP } : failure
}

/** What errors of GraphQL mean, which come with status 200. Null: `errors` is none. */
export function failureOfGraphql(body: unknown): Failure | null {
  const { errors, extensions } = Object(body) as { errors?: unknown; extensions?: unknown }
  if (errors === undefined) return null
  const [first] = Array.isArray(errors) ? (errors as unknown[]) : [errors]
  const { extensions: told, message } = Object(first) as { extensions?: unknown; message?: unknown }
  const failed = (problem: Problem, words: string): Failure => ({
    ok: false,
    problem,
    message: words,
    sent: true,
  })
  switch (fieldOf(told, 'code')) {
    case 'THROTTLED':
      return { ...failed('throttled', THROTTLED), retryAfter: waitOf(extensions) }
    case 'ACCESS_DENIED':
      return failed('forbidden', deniedBy(typeof message === 'string' ? message : ''))
    case 'SHOP_INACTIVE':
      return failed('unavailable', FROZEN)
    case 'INTERNAL_SERVER_ERROR':
    case 'TIMEOUT':
      return failed('failing', 'Shopify broke over the question.')
    case 'MAX_COST_EXCEEDED':
      return failed('rejected', 'Shopify says that the question costs more than one may.')
    default:
      return failed('rejected', 'Shopify does not take the question.')
  }
}

const THROTTLED = 'The shop was asked too often, and wants to be left alone for a moment.'
const FROZEN = 'Shopify has frozen or closed the shop.'

const NO_SHOP = 'Shopify knows no shop under this name, or no longer speaks this version of its API.'

const STATUSES: Record<number, [Problem, string]> = {
  401: [
    'unauthorized',
    'Shopify does not take the access token: it is wrong, or the app was removed from the shop.',
  ],
  402: ['unavailable', FROZEN],
  403: [
    'forbidden',
    'Shopify does not let the app do this: it may lack a scope, or the shop is not available.',
  ],
  404: ['unauthorized', NO_SHOP],
  423: ['unavailable', 'Shopify has locked the shop.'],
  430: ['throttled', THROTTLED],
}

const OAUTH: Record<string, [Problem, string]> = {
  shop_not_permitted: [
    'unauthorized',
    'Shopify lets an app in this way only into shops of the organisation that made it: make it in the Dev Dashboard of the shop’s own organisation.',
  ],
  app_not_installed: ['unauthorized', 'The app is not installed in the shop.'],
  application_cannot_be_found: ['unauthorized', 'Shopify knows no app with this client_id.'],
  invalid_client: ['unauthorized', 'Shopify does not take the client_id and client_secret.'],
  invalid_request: ['unauthorized', 'Shopify does not take the client_id and client_secret.'],
}

/** Shopify names the scopes in backticks: "Required access: `read_orders` access scope". */
function deniedBy(message: string): string {
  const scopes = [...message.matchAll(/`((?:read|write)_[a-z_]{1,60})`/g)].map(([, scope = '']) => scope)
  if (/protected customer data|not approved/i.test(message))
    return 'Shopify does not let the app see customers: it has to be given access to protected customer data.'
  return scopes.length === 0
    ? 'Shopify does not let the app see this.'
    : `The app lacks a scope: ${scopes.slice(0, 3).join(' or ')}.`
}

/** Milliseconds until what was asked can be paid for: a bucket that fills at `restoreRate` points a second. */
function waitOf(extensions: unknown): number {
  const { cost } = Object(extensions) as { cost?: unknown }
  const { requestedQueryCost: price, throttleStatus } = Object(cost) as Record<string, unknown>
  const { currentlyAvailable: there, restoreRate: rate } = Object(throttleStatus) as Record<string, unknown>
  if (typeof price !== 'number' || typeof there !== 'number' || typeof rate !== 'number' || rate <= 0)
    return 1_000
  return Math.ceil((Math.max(price - there, 1) / rate) * 1_000)
}

function fieldOf(value: unknown, name: string): string {
  const said = (Object(value) as Record<string, unknown>)[name]
  return typeof said === 'string' ? said : ''
}
