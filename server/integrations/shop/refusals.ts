import type { Failure } from '../kind.ts'

/** What the visitor asked for is not there, for this visitor. */
export function notFound(message: string): Failure {
  return { ok: false, problem: 'not_found', message, sent: true }
}

/** Nothing was asked. */
export function refused(message: string): Failure {
  return { ok: false, problem: 'refused', message, sent: false }
}

/** The shop's answer is not of the form that its documentation promises. */
export const UNEXPECTED: Failure = {
  ok: false,
  problem: 'unreadable',
  message: 'The shop’s answer is not of the form that was expected.',
  sent: true,
}

export const NO_SUCH_PRODUCT = notFound('There is no such product in the shop.')
export const NO_SUCH_ORDER = notFound('This visitor has no order with that number.')
/** The proved id is none that a customer of this shop could have. */
export const NO_CUSTOMER = notFound('The signed-in visitor is no customer of the shop, and so has no orders.')
export const NO_CREDENTIALS: Failure = {
  ok: false,
  problem: 'unauthorized',
  message: 'No credentials are entered for the shop.',
  sent: false,
}
