import { createSchemaCompiler } from '../../infra/validate.ts'
import type { Asked, Fetched, IntegrationKind, KindParts } from '../kind.ts'
import { shopFunctions } from '../shop/functions.ts'
import { NO_CUSTOMER } from '../shop/refusals.ts'
import { shopperOf, type Shopper } from '../shop/shopper.ts'
import { createAccessTokens } from './access-token.ts'
import { shopifyApi, type ShopifyApi } from './api.ts'
import { faultOfShopify, ShopifyConfig, ShopifyCredentials, shopOrigin } from './connection.ts'
import { shopifyOrders } from './orders.ts'
import { GET_POLICY, shopifyPolicies } from './policies.ts'
import { shopifyProducts } from './products.ts'
import { tryShopify } from './try-connection.ts'

/** Milliseconds that trying a connection may take. */
const TRYING = 15_000

/** Shops of Shopify, by its Admin GraphQL API. Only reads. */
export function createShopify({
  outbound,
  now,
}: KindParts): IntegrationKind<ShopifyConfig, ShopifyCredentials, never> {
  const compile = createSchemaCompiler()
  const parts = { outbound, now, tokens: createAccessTokens({ outbound, now }) }
  const products = shopifyProducts(compile)
  const orders = shopifyOrders(compile)
  const tellPolicy = shopifyPolicies(compile)
  const tryConnection = tryShopify(compile)

  return {
    type: 'shopify',
    config: ShopifyConfig,
    credentials: ShopifyCredentials,
    endpoints: null,
    faultOf: faultOfShopify,
    homeOf: shopOrigin,
    test: (connection, signal) =>
      tryConnection(shopifyApi(parts, connection, { timeLeft: TRYING, signal }), connection.config),
    functions: ({ user_ids }) => [...shopFunctions(user_ids), GET_POLICY],
    fetch(connection, asked, signal) {
      const api = shopifyApi(parts, connection, { timeLeft: asked.timeLeft, signal })
      const shopper = shopperOf(asked.user, connection.config.user_ids)
      return fetchFrom(api, asked, shopper)
    },
  }

  /** The arguments were held against the functions' own schemas. */
  async function fetchFrom(api: ShopifyApi, { fn, given }: Asked, shopper: Shopper | null): Promise<Fetched> {
    switch (fn.name) {
      case 'search_products':
        return products.search(api, given as Parameters<typeof products.search>[1])
      case 'get_product':
        return products.get(api, given as Parameters<typeof products.get>[1])
      case 'list_orders':
        return shopper ? orders.list(api, shopper, given) : NO_CUSTOMER
      case 'get_order':
        return shopper ? orders.get(api, shopper, given as Parameters<typeof orders.get>[2]) : NO_CUSTOMER
      case 'get_policy':
        return tellPolicy(api, given as Parameters<typeof tellPolicy>[1])
      default:
        throw new Error(`${fn.name} is no function of a shop`)
    }
  }
}
