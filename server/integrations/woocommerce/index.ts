import { createSchemaCompiler } from '../../infra/validate.ts'
import type { Asked, Fetched, IntegrationKind, KindParts } from '../kind.ts'
import { shopFunctions } from '../shop/functions.ts'
import { NO_CUSTOMER } from '../shop/refusals.ts'
import { shopperOf } from '../shop/shopper.ts'
import { wooApi, type WooConnection } from './api.ts'
import { faultOfWoo, WooConfig, WooCredentials, wooHome } from './connection.ts'
import { createCurrencies } from './currency.ts'
import { wooOrders } from './orders.ts'
import { wooProducts } from './products.ts'
import { tryWoo } from './try-connection.ts'

/** Milliseconds that trying a key may take. */
const TRYING = 15_000

/** Shops of WooCommerce, by its REST API v3. Only reads. */
export function createWooCommerce(parts: KindParts): IntegrationKind<WooConfig, WooCredentials, never> {
  const { outbound, allow, now } = parts
  const compile = createSchemaCompiler()
  const products = wooProducts(compile)
  const orders = wooOrders(compile)
  const currencyOf = createCurrencies({ compile, now })
  const tryConnection = tryWoo({ compile, outbound })

  return {
    type: 'woocommerce',
    config: WooConfig,
    credentials: WooCredentials,
    endpoints: null,
    faultOf: (config) => faultOfWoo(config, allow),
    homeOf: wooHome,
    test: (connection, signal) =>
      tryConnection(wooApi(parts, connection, { timeLeft: TRYING, signal }), connection.config, signal),
    functions: ({ user_ids }) => shopFunctions(user_ids),
    fetch,
  }

  /** The arguments were held against the functions' own schemas. */
  async function fetch(connection: WooConnection, asked: Asked, signal: AbortSignal): Promise<Fetched> {
    const { fn, given, user, timeLeft } = asked
    const api = wooApi(parts, connection, { timeLeft, signal })
    const asking = { api, currency: () => currencyOf(api, connection) }
    const shopper = shopperOf(user, connection.config.user_ids)
    switch (fn.name) {
      case 'search_products':
        return products.search(asking, given as Parameters<typeof products.search>[1])
      case 'get_product':
        return products.get(asking, given as Parameters<typeof products.get>[1])
      case 'list_orders':
        return shopper ? orders.list(api, shopper, given) : NO_CUSTOMER
      case 'get_order':
        return shopper ? orders.get(api, shopper, given as Parameters<typeof orders.get>[2]) : NO_CUSTOMER
      default:
        throw new Error(`${fn.name} is no function of a shop`)
    }
  }
}
