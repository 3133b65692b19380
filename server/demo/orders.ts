/** An order of the demo shop, as `get_order_status` tells it. Days are `YYYY-MM-DD`; what is not there has not happened. */
export interface DemoOrder {
  number: string
  status: string
  placed_at: string
  shipped_at?: string
  expected_at?: string
  delivered_at?: string
  carrier?: string
  tracking?: string
}

/**
 * Finds one of the orders 1001 to 1012. They are made up and nobody's, so they are told to anybody. Orders of people are
 * personal: a real backend goes by the visitor's proved identity (`visitor.verified`) and never by a number alone.
 * `today`: `YYYY-MM-DD`.
 */
export function findOrder(number: string, today: string): DemoOrder | null {
  const told = ORDERS.get(number)
  if (!told) return null
  const { status, placed, shipped, expected, delivered } = told
  const day = (offset: number) => new Date(Date.parse(today) + offset * DAY_MS).toISOString().slice(0, 10)
  return {
    ...{ number, status, placed_at: day(placed) },
    ...(shipped !== undefined && { shipped_at: day(shipped) }),
    ...(expected !== undefined && { expected_at: day(expected) }),
    ...(delivered !== undefined && { delivered_at: day(delivered) }),
    ...(shipped !== undefined && { carrier: 'Parcelway', tracking: `PW${number}00${number}` }),
  }
}

const DAY_MS = 86_400_000

/** Days from today. */
interface Told {
  status: string
  placed: number
  shipped?: number
  expected?: number
  delivered?: number
}

const ORDERS: ReadonlyMap<string, Told> = new Map([
  ['1001', { status: 'on its way', placed: -3, shipped: -1, expected: 2 }],
  ['1002', { status: 'received', placed: 0, expected: 4 }],
  ['1003', { status: 'delivered', placed: -9, shipped: -7, delivered: -4 }],
  ['1004', { status: 'packed', placed: -1, expected: 3 }],
  ['1005', { status: 'out for delivery', placed: -4, shipped: -2, expected: 0 }],
  ['1006', { status: 'delayed', placed: -10, shipped: -6, expected: 1 }],
  ['1007', { status: 'returned', placed: -30, shipped: -28, delivered: -25 }],
  ['1008', { status: 'cancelled', placed: -5 }],
  ['1009', { status: 'refunded', placed: -40, shipped: -38, delivered: -35 }],
  ['1010', { status: 'ready to collect', placed: -6, expected: 0 }],
  ['1011', { status: 'waiting for payment', placed: -1 }],
  ['1012', { status: 'partly shipped', placed: -5, shipped: -2, expected: 3 }],
])
