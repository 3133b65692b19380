import { Type, type Static } from 'typebox'
import type { CompileSchema } from '../../infra/validate.ts'
import type { Fetched } from '../kind.ts'
import { moneyOf } from '../shop/money.ts'
import { plainNumber } from '../shop/order-number.ts'
import { NO_CUSTOMER, NO_SUCH_ORDER, refused } from '../shop/refusals.ts'
import type { Shopper } from '../shop/shopper.ts'
import { MoneyV2, nextOf, NullableText, PageInfo, spoken } from './answer-parts.ts'
import { question, type ShopifyApi } from './api.ts'
import { GET_ORDER, LIST_ORDERS } from './documents.ts'
import { quotedTerms } from './search-terms.ts'

/** Orders of one answer. */
const ORDERS = 5

/** What models ask about the orders of one customer. Nothing in `given` says whose. */
export interface ShopifyOrders {
  list(api: ShopifyApi, shopper: Shopper, given: { after?: string }): Promise<Fetched>
  get(api: ShopifyApi, shopper: Shopper, given: { order: string }): Promise<Fetched>
}

export function shopifyOrders(compile: CompileSchema): ShopifyOrders {
  const listing = question(compile, LIST_ORDERS, CustomersOrders(OrderHead))
  const getting = question(compile, GET_ORDER, CustomersOrders(Order))

  return {
    async list(api, shopper, { after = null }) {
      const variables = { customer: identifierOf(shopper), first: ORDERS, after }
      const answer = await api.ask(listing, variables)
      if (!answer.ok) return answer
      const { customerByIdentifier: customer } = answer.data
      if (!customer) return NO_CUSTOMER
      const { nodes, pageInfo } = customer.orders
      return { ok: true, data: { orders: nodes.map(tellHead), ...(pageInfo ? nextOf(pageInfo) : {}) } }
    },
    async get(api, shopper, { order: asked }) {
      const number = plainNumber(asked)
      const terms = quotedTerms(number)
      if (terms === null) return refused('That is no number of an order. Ask for it.')
      const variables = { customer: identifierOf(shopper), query: `name:${terms}` }
      const answer = await api.ask(getting, variables)
      if (!answer.ok) return answer
      const { customerByIdentifier: customer } = answer.data
      if (!customer) return NO_CUSTOMER
      const found = customer.orders.nodes.find(({ name }) => plainNumber(name) === number)
      return found ? { ok: true, data: tellOrder(found) } : NO_SUCH_ORDER
    },
  }
}

function identifierOf(shopper: Shopper) {
  return 'email' in shopper
    ? { emailAddress: shopper.email }
    : { id: `gid://shopify/Customer/${shopper.customer_id}` }
}

const Head = {
  name: Type.String(),
  processedAt: Type.String(),
  cancelledAt: NullableText,
  displayFinancialStatus: NullableText,
  displayFulfillmentStatus: Type.String(),
  currentTotalPriceSet: Type.Object({ presentmentMoney: MoneyV2 }),
}
const OrderHead = Type.Object(Head)

const Fulfillment = Type.Object({
  status: Type.String(),
  displayStatus: NullableText,
  createdAt: Type.String(),
  estimatedDeliveryAt: NullableText,
  deliveredAt: NullableText,
  trackingInfo: Type.Array(Type.Object({ company: NullableText, number: NullableText, url: NullableText })),
})

const Order = Type.Object({
  ...Head,
  lineItems: Type.Object({
    nodes: Type.Array(
      Type.Object({ title: Type.String(), variantTitle: NullableText, currentQuantity: Type.Number() }),
    ),
    pageInfo: Type.Object({ hasNextPage: Type.Boolean() }),
  }),
  fulfillments: Type.Array(Fulfillment),
})

function CustomersOrders<Node extends typeof OrderHead | typeof Order>(node: Node) {
  const orders = Type.Object({ nodes: Type.Array(node), pageInfo: Type.Optional(PageInfo) })
  return Type.Object({ customerByIdentifier: Type.Union([Type.Object({ orders }), Type.Null()]) })
}

function tellHead(order: Static<typeof OrderHead>) {
  const { amount, currencyCode } = order.currentTotalPriceSet.presentmentMoney
  return {
    order: order.name,
    placed_at: order.processedAt,
    payment: spoken(order.displayFinancialStatus),
    delivery: spoken(order.displayFulfillmentStatus),
    cancelled_at: order.cancelledAt,
    total: moneyOf(amount, currencyCode),
  }
}

/** Addresses, names and notes stay in the shop. */
function tellOrder(order: Static<typeof Order>) {
  return {
    ...tellHead(order),
    items: order.lineItems.nodes.map(({ title, variantTitle, currentQuantity }) => ({
      name: title,
      variant: variantTitle,
      quantity: currentQuantity,
    })),
    has_more_items: order.lineItems.pageInfo.hasNextPage,
    shipments: order.fulfillments.map(({ trackingInfo, ...shipment }) => ({
      state: spoken(shipment.displayStatus ?? shipment.status),
      shipped_at: shipment.createdAt,
      expected_at: shipment.estimatedDeliveryAt,
      delivered_at: shipment.deliveredAt,
      tracking: trackingInfo.map(({ company, number, url }) => ({ carrier: company, number, url })),
    })),
  }
}
