import { Type, type Static } from 'typebox'
import type { CompileSchema } from '../../infra/validate.ts'
import type { Failure, Fetched } from '../kind.ts'
import { moneyOf } from '../shop/money.ts'
import { plainNumber } from '../shop/order-number.ts'
import { NO_SUCH_ORDER, refused } from '../shop/refusals.ts'
import type { Shopper } from '../shop/shopper.ts'
import { formOf, type Form, type WooApi } from './api.ts'
import { nextOf, pageAfter } from './pages.ts'
import { shipmentsIn } from './shipments.ts'

/** Orders of one answer, and of a search in which one is looked for. */
const LISTED = 5
const SEARCHED = 20

/** What models ask about the orders of one customer. Nothing in `given` says whose. */
export interface WooOrders {
  list(api: WooApi, shopper: Shopper, given: { after?: string }): Promise<Fetched>
  get(api: WooApi, shopper: Shopper, given: { order: string }): Promise<Fetched>
}

export function wooOrders(compile: CompileSchema): WooOrders {
  const head = formOf(compile, OrderHead)
  const whole = formOf(compile, Order)

  return {
    async list(api, shopper, { after }) {
      const page = pageAfter(after)
      const query = 'email' in shopper ? { search: shopper.email } : { customer: shopper.customer_id }
      const answer = await api.page('/wc/v3/orders', head, { query, page, perPage: LISTED })
      if (!answer.ok) return answer
      const own = answer.records.filter((order) => belongsTo(order, shopper) && isPlaced(order))
      return { ok: true, data: { orders: own.map(tellHead), ...nextOf(answer, page) } }
    },
    async get(api, shopper, { order: asked }) {
      const number = plainNumber(asked)
      if (!/^[\p{L}\p{N}][\p{L}\p{N}._/-]*$/u.test(number))
        return refused('That is no number of an order. Ask for it.')
      const order = (await byId(api, shopper, number)) ?? (await bySearch(api, shopper, number))
      if (order === null) return NO_SUCH_ORDER
      return 'ok' in order ? order : { ok: true, data: tellOrder(order) }
    },
  }

  /** Where no plugin numbers orders, the number is the id, and the shop is asked for that alone. */
  function byId(api: WooApi, shopper: Shopper, number: string): Promise<Order | Failure | null> {
    if (!/^[1-9]\d{0,15}$/.test(number)) return Promise.resolve(null)
    return findOwn(api, whole, { shopper, number, query: { include: number } })
  }

  function bySearch(api: WooApi, shopper: Shopper, number: string): Promise<Order | Failure | null> {
    return findOwn(api, whole, { shopper, number, query: { search: number } })
  }
}

/**
 * Asks for the customer's orders alone where they are known by id, and believes no filter: an order is told of only when
 * it says itself that it is this customer's.
 */
async function findOwn(
  api: WooApi,
  form: Form<Order>,
  { shopper, number, query }: { shopper: Shopper; number: string; query: Record<string, string> },
): Promise<Order | Failure | null> {
  const own = 'email' in shopper ? {} : { customer: shopper.customer_id }
  const answer = await api.page('/wc/v3/orders', form, {
    query: { ...query, ...own },
    page: 1,
    perPage: SEARCHED,
  })
  if (!answer.ok) return answer
  const isAsked = (order: Order) => plainNumber(order.number) === number
  return (
    answer.records.find((order) => isAsked(order) && belongsTo(order, shopper) && isPlaced(order)) ?? null
  )
}

function belongsTo({ customer_id, billing }: OrderHead, shopper: Shopper): boolean {
  return 'email' in shopper
    ? billing.email.trim().toLowerCase() === shopper.email
    : String(customer_id) === shopper.customer_id
}

/** Not one that is being written, or was thrown away. */
function isPlaced({ status }: OrderHead): boolean {
  return status !== 'trash' && status !== 'checkout-draft' && status !== 'auto-draft'
}

const Time = Type.Union([Type.String(), Type.Null()])

const Head = {
  number: Type.String(),
  status: Type.String(),
  currency: Type.String(),
  total: Type.String(),
  customer_id: Type.Integer(),
  billing: Type.Object({ email: Type.String() }),
  date_created_gmt: Time,
  date_paid_gmt: Time,
  date_completed_gmt: Time,
}
const OrderHead = Type.Object(Head)
type OrderHead = Static<typeof OrderHead>

const Order = Type.Object({
  ...Head,
  line_items: Type.Array(Type.Object({ name: Type.String(), quantity: Type.Number() })),
  meta_data: Type.Array(Type.Object({ key: Type.String(), value: Type.Unknown() })),
})
type Order = Static<typeof Order>

function tellHead(order: OrderHead) {
  return {
    order: order.number,
    status: order.status.replaceAll('-', ' '),
    placed_at: utc(order.date_created_gmt),
    paid_at: utc(order.date_paid_gmt),
    completed_at: utc(order.date_completed_gmt),
    total: moneyOf(order.total, order.currency),
  }
}

/** Items of an order that are told. */
const ITEMS = 20

/** Addresses, names and notes stay in the shop. */
function tellOrder(order: Order) {
  return {
    ...tellHead(order),
    items: order.line_items.slice(0, ITEMS).map(({ name, quantity }) => ({ name, quantity })),
    has_more_items: order.line_items.length > ITEMS,
    shipments: shipmentsIn(order.meta_data),
  }
}

/** WooCommerce writes times of Greenwich without saying so. */
function utc(time: string | null): string | null {
  return time === null ? null : /(?:Z|[+-]\d{2}:\d{2})$/.test(time) ? time : `${time}Z`
}
