import type { ConversationFilters } from '../../../protocol/conversations.ts'

/** The filters as the address has them; empty text where one is not set. */
export const FILTER_NAMES = [
  'client',
  'state',
  'channel',
  'handoff',
  'rating',
  'from',
  'until',
  'tests',
  'visitor',
  'q',
] as const
export type FilterName = (typeof FILTER_NAMES)[number]
export type Filters = Record<FilterName, string>

const STATES = ['open', 'ai', 'agent', 'ended'] as const
const HANDOFFS = ['none', 'requested', 'with_agent'] as const
const TESTS = ['too', 'only'] as const
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i

/** Stars from and to. */
const RATINGS = { good: [4, 5], fair: [3, 3], bad: [1, 2] } as const

/** What is chosen here, as the page's address tells it. */
export function readFilters(address: URLSearchParams): Filters {
  const chosen = FILTER_NAMES.map((name) => [name, address.get(name)?.trim() ?? ''] as const)
  return Object.fromEntries(chosen) as Filters
}

/** The same for the API. Whatever nobody could have chosen is left out; days are those of the browser's zone. */
export function askedBy(filters: Filters): ConversationFilters {
  const { client, visitor, channel, q, rating } = filters
  const stars = Object.hasOwn(RATINGS, rating) ? RATINGS[rating as keyof typeof RATINGS] : null
  const from = startOfDay(filters.from)
  const until = startOfDay(filters.until, 1)
  return {
    ...(UUID.test(client) && { client_id: client }),
    ...(UUID.test(visitor) && { visitor_id: visitor }),
    ...one('state', filters.state, STATES),
    ...one('handoff', filters.handoff, HANDOFFS),
    ...one('test', filters.tests, TESTS),
    ...(channel !== '' && { channel }),
    ...(stars && { rating_from: stars[0], rating_to: stars[1] }),
    ...(from !== null && { from }),
    ...(until !== null && { until }),
    ...(q !== '' && { search: q.slice(0, 200) }),
  }
}

function one<N extends string, V extends string>(
  name: N,
  value: string,
  known: readonly V[],
): Partial<Record<N, V>> {
  const found = known.find((one) => one === value)
  return found === undefined ? {} : ({ [name]: found } as Record<N, V>)
}

/** When the day begins, so many days later, in RFC 3339; null where the text is no day. */
function startOfDay(day: string, later = 0): string | null {
  const [, year, month, date] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day) ?? []
  if (year === undefined) return null
  const start = new Date(Number(year), Number(month) - 1, Number(date) + later)
  return start.toISOString()
}
