import type { CheckArguments } from '../tools/catalogue/check-arguments.ts'
import { localTime, type Diary } from './appointments.ts'
import { findOrder } from './orders.ts'
import { findProducts, type DemoProduct } from './products.ts'

/** What the backend says: a status of HTTP and JSON. */
export interface DemoAnswer {
  status: number
  body: object
}

/** A call of one of the four webhooks, its signature checked. */
export interface DemoCall {
  tool: string
  key: string
  given: Record<string, unknown>
}

/** What answering needs. */
export interface Answering {
  diary: Diary
  /** Of a webhook's arguments; null: there is no such webhook. */
  checkOf: (tool: string) => CheckArguments | null
  /** Milliseconds since the epoch. */
  now: () => number
}

/** Answers as the workflows in `n8n-workflows/` do. */
export function answerCall({ tool, key, given }: DemoCall, { diary, checkOf, now }: Answering): DemoAnswer {
  const check = checkOf(tool)
  if (check === null) return refuse(404, `There is no webhook "${tool}".`)
  const fault = check(given)
  if (fault !== null) return refuse(400, fault)
  const { order = '', product = '', size, service = '', date = '', time = '' } = given as Given
  switch (tool) {
    case 'get_order_status': {
      const found = findOrder(order, localTime(now()).slice(0, 10))
      return found ? { status: 200, body: found } : refuse(404, `There is no order ${order}.`)
    }
    case 'check_inventory':
      return tellProducts(product, (found) => stockOf(found, size))
    case 'get_product_info':
      return tellProducts(product, infoOf)
    default: {
      const booking = diary.book(key, { service, date, time })
      return booking.booked ? { status: 200, body: booking } : refuse(409, booking.error)
    }
  }
}

/** Texts all of them, as their schemas say. */
type Given = Partial<Record<'order' | 'product' | 'size' | 'service' | 'date' | 'time', string>>

export function refuse(status: number, error: string): DemoAnswer {
  return { status, body: { error } }
}

function tellProducts(asked: string, tell: (product: DemoProduct) => object): DemoAnswer {
  const products = findProducts(asked).map(tell)
  return products.length === 0
    ? refuse(404, `There is no product "${asked}".`)
    : { status: 200, body: { products } }
}

function stockOf({ name, stock }: DemoProduct, size: string | undefined): object {
  const sizes = Object.entries(stock)
  const asked = sizes.filter(([one]) => size === undefined || one.toLowerCase() === size.toLowerCase())
  if (asked.length === 0) return { name, in_stock: [], made_in_sizes: sizes.map(([one]) => one) }
  return { name, in_stock: asked.filter(([, pieces]) => pieces > 0).map(([one]) => one) }
}

function infoOf({ name, price, currency, description, material, stock }: DemoProduct): object {
  return { name, price, currency, description, material, sizes: Object.keys(stock) }
}
