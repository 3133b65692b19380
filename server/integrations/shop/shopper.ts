import { Type, type Static } from 'typebox'

/** What a business's proved user ids are in its shop; without it, no order is told to anybody. */
export const UserIds = Type.Enum(['customer_id', 'email'], {
  description:
    'What "sub" of your identity tokens is: the id of the customer in the shop, or the e-mail address. ' +
    'Without it, orders are not offered.',
})
export type UserIds = Static<typeof UserIds>

/** Somebody who has proved to be this customer of the shop. */
export type Shopper = { customer_id: string } | { email: string }

/**
 * Whom a proved user id names; null: nobody who could have ordered anything. What it is was settled when the shop was
 * connected, since a number of another system may be another customer's here.
 */
export function shopperOf(user: string | null, userIds: UserIds | undefined): Shopper | null {
  const id = user?.trim() ?? ''
  if (userIds === 'customer_id') return CUSTOMER_ID.test(id) ? { customer_id: id } : null
  if (userIds === 'email') return EMAIL.test(id) ? { email: id.toLowerCase() } : null
  return null
}

/** Not 0, under which WooCommerce keeps the orders of guests. */
const CUSTOMER_ID = /^[1-9]\d{0,19}$/
const EMAIL = /^[^\s@"'\\<>(),:;]{1,64}@[^\s@"'\\<>(),:;]{1,255}$/
