import type { FunctionTraits, IntegrationFunction } from '../kind.ts'
import type { UserIds } from './shopper.ts'

/** Milliseconds for which what a shop says is kept. */
const FIVE_MINUTES = 300_000

/** How the rest of a list is asked for, and how long what is handed back for it may be. */
const AFTER = {
  type: 'string',
  minLength: 1,
  maxLength: 500,
  description: 'For what comes after an earlier answer: its "next", as it was.',
}

/** What functions of shops have in common. */
export const SHOP_TRAITS = {
  policy: 'read',
  returnsOthersWords: false,
  cacheFor: FIVE_MINUTES,
  endpoint: null,
} as const

/** The customer is known from the session: nothing that a visitor says makes somebody else of it. */
const ONLY_OWN =
  'Works only for a visitor who is signed in on the website, and finds that visitor’s own orders alone. Do not ask for ' +
  'an e-mail address or a name: they do not help. Where nobody is signed in, ask to sign in, or offer a person. '

const SEARCH_PRODUCTS = {
  ...SHOP_TRAITS,
  name: 'search_products',
  label: 'Searching the shop',
  description:
    'Searches the products of the shop by words of their names and descriptions, and tells names, prices and whether ' +
    'they are in stock. Use it when the visitor looks for a product. It compares words: give one to four that such a ' +
    'product would have, in the language of the shop; where nothing is found, try fewer or others once.',
  parameters: {
    type: 'object',
    properties: {
      query: { type: 'string', minLength: 1, maxLength: 100, description: 'Such as "rain jacket".' },
      after: AFTER,
    },
    required: ['query'],
    additionalProperties: false,
  },
  personal: false,
} satisfies IntegrationFunction

const GET_PRODUCT = {
  ...SHOP_TRAITS,
  name: 'get_product',
  label: 'Looking at the product',
  description:
    'Tells everything about one product: description, sizes or colours, the price of each and how many are left. ' +
    'Search for the product first.',
  parameters: {
    type: 'object',
    properties: {
      product: {
        type: 'string',
        pattern: '^[0-9]+$',
        maxLength: 20,
        description: 'As the search told it.',
      },
      after: AFTER,
    },
    required: ['product'],
    additionalProperties: false,
  },
  personal: false,
} satisfies IntegrationFunction

const LIST_ORDERS = {
  ...SHOP_TRAITS,
  name: 'list_orders',
  label: 'Looking up your orders',
  description:
    `Lists the visitor’s orders, the newest first, with numbers, dates, states and totals. ${ONLY_OWN}` +
    'Use it when the visitor asks for an order without giving its number.',
  parameters: { type: 'object', properties: { after: AFTER }, additionalProperties: false },
  personal: true,
} satisfies IntegrationFunction

const GET_ORDER = {
  ...SHOP_TRAITS,
  name: 'get_order',
  label: 'Looking up your order',
  description:
    'Tells the state of one order: whether it is paid and shipped, what is in it, and how to follow the parcel. ' +
    `${ONLY_OWN}Where there is no such order, say that this account has none with that number, and offer a person.`,
  parameters: {
    type: 'object',
    properties: {
      order: { type: 'string', minLength: 1, maxLength: 40, description: 'The number, such as "1001".' },
    },
    required: ['order'],
    additionalProperties: false,
  },
  personal: true,
} satisfies IntegrationFunction

/** What models may ask of every shop. Orders only where it is settled what user ids are. */
export function shopFunctions(userIds: UserIds | undefined): (FunctionTraits & { endpoint: null })[] {
  const open = [SEARCH_PRODUCTS, GET_PRODUCT]
  return userIds === undefined ? open : [...open, LIST_ORDERS, GET_ORDER]
}
