import { startTlsStandIn, type Received, type Reply, type TlsStandIn } from './tls-stand-in.ts'
import { ordersMatching, productsMatching } from './woocommerce/lists.ts'
import type { WooRecords } from './woocommerce/records.ts'

/** A WordPress with WooCommerce that keeps their rules, and those of the host that it runs on. */
export interface StandInWoo extends TlsStandIn {
  shop: WooRecords
  site: Site
  /** Requests that the host lets through at once; one more each second. */
  bucket: { requests: number; maximum: number }
  /** Instead of the next answers, one after the other. */
  instead: Reply[]
}

interface Site {
  /** Where WordPress lives, such as `/shop`. */
  folder: string
  permalinks: 'pretty' | 'plain'
  woocommerce: boolean
  /** WooCommerce below 11.1 looks for its keys only where the path says so. */
  authenticatesPlain: boolean
  /** What happens on hosts that run PHP behind CGI. */
  dropsAuthorization: boolean
  key: { permissions: 'read' | 'write' | 'read_write'; role: 'shop_manager' | 'customer' }
  /** How a list's length is told. */
  totals: 'header' | 'link'
  /** Null: the key may not see it. */
  currency: string | null
}

export const HOST = 'acme.example'
export const KEYS = { consumer_key: 'ck_0123456789abcdef', consumer_secret: 'cs_fedcba9876543210' }

/** What a WordPress is like that nobody has changed much. */
export const USUAL_SITE: Site = {
  folder: '',
  permalinks: 'pretty',
  woocommerce: true,
  authenticatesPlain: true,
  dropsAuthorization: false,
  key: { permissions: 'read', role: 'shop_manager' },
  totals: 'header',
  currency: 'ILS',
}

/** `now`: milliseconds, by which the host's patience comes back. */
export async function startStandInWoo(now: () => number): Promise<StandInWoo> {
  const state = {
    shop: { products: [], orders: [] } as WooRecords,
    site: { ...USUAL_SITE },
    bucket: { requests: 1_000, maximum: 1_000 },
    instead: [] as Reply[],
  }
  let filled = now()
  const standIn = await startTlsStandIn([HOST], answer)
  return Object.assign(state, standIn)

  function answer(request: Received): Reply {
    const instead = state.instead.shift()
    if (instead !== undefined) return instead
    const { bucket } = state
    bucket.requests = Math.min(bucket.maximum, bucket.requests + (now() - filled) / 1_000)
    filled = now()
    if (bucket.requests < 1) {
      const seconds = String(Math.ceil(1 - bucket.requests))
      return { status: 429, headers: { 'retry-after': seconds }, body: '<html>429 Too Many Requests</html>' }
    }
    bucket.requests--
    const route = routeOf(request.url)
    if (route === null) return { status: 404, body: '<!doctype html><title>Page not found</title>' }
    const fields = request.url.searchParams.get('_fields')?.split(',')
    const reply = answerRoute(route, request)
    return reply.status === 200 ? { ...reply, body: withFields(reply.body, fields) } : reply
  }

  function routeOf(url: URL): string | null {
    const { folder, permalinks } = state.site
    const plain = url.searchParams.get('rest_route')
    if (url.pathname === `${folder}/` && plain !== null) return plain
    const prefix = `${folder}/wp-json`
    if (permalinks === 'plain' || !url.pathname.startsWith(`${prefix}/`)) return null
    return decodeURIComponent(url.pathname.slice(prefix.length))
  }

  function answerRoute(
    route: string,
    request: Received,
  ): { status: number; headers?: Record<string, string>; body: object } {
    const { woocommerce } = state.site
    const namespaces = ['oembed/1.0', 'wp/v2', ...(woocommerce ? ['wc/v1', 'wc/v2', 'wc/v3'] : [])]
    if (route === '/') return { status: 200, body: { name: 'Acme', namespaces, routes: {} } }
    if (!woocommerce || !route.startsWith('/wc/v3/')) return noRoute
    const denied = denialOf(request)
    if (denied) return denied
    const query = request.url.searchParams
    const invalid = invalidIn(query)
    if (invalid !== null) return wpError(400, 'rest_invalid_param', `Invalid parameter(s): ${invalid}`)
    const [name = '', id, within] = route.slice('/wc/v3/'.length).split('/')
    const product = state.shop.products.find((one) => String(one.id) === id)
    if (route === '/wc/v3/data/currencies/current' && state.site.currency === null)
      return wpError(403, 'woocommerce_rest_cannot_view', 'Sorry, you cannot list resources.')
    if (route === '/wc/v3/data/currencies/current')
      return { status: 200, body: { code: state.site.currency, name: 'New shekel', symbol: '&#8362;' } }
    if (name === 'products' && id === undefined)
      return listOf(productsMatching(state.shop.products, query), request)
    if (name === 'products' && within === 'variations') return listOf(product?.variations ?? [], request)
    if (name === 'products' && /^\d+$/.test(id ?? '') && within === undefined)
      return product
        ? { status: 200, body: product }
        : wpError(404, 'woocommerce_rest_product_invalid_id', 'Invalid ID.')
    if (name === 'orders' && id === undefined)
      return listOf(ordersMatching(state.shop.orders, query), request)
    return noRoute
  }

  /** As WC_REST_Authentication goes about it: a wrong secret is said to be wrong, a wrong key is nobody. */
  function denialOf({ headers, url }: Received): ReturnType<typeof wpError> | null {
    const { dropsAuthorization, authenticatesPlain, key } = state.site
    const isHeeded = !dropsAuthorization && (authenticatesPlain || !url.searchParams.has('rest_route'))
    const [, basic = ''] = /^Basic (.+)$/.exec(isHeeded ? (headers.authorization ?? '') : '') ?? []
    const [name, secret] = Buffer.from(basic, 'base64').toString().split(':')
    if (name !== KEYS.consumer_key)
      return wpError(401, 'woocommerce_rest_cannot_view', 'Sorry, you cannot list resources.')
    if (secret !== KEYS.consumer_secret)
      return wpError(401, 'woocommerce_rest_authentication_error', 'Consumer secret is invalid.')
    if (key.permissions === 'write')
      return wpError(
        401,
        'woocommerce_rest_authentication_error',
        'The API key provided does not have read permissions.',
      )
    if (key.role === 'customer')
      return wpError(403, 'woocommerce_rest_cannot_view', 'Sorry, you cannot list resources.')
    return null
  }

  function listOf(all: readonly object[], { url }: Received) {
    const page = Number(url.searchParams.get('page') ?? 1)
    const perPage = Number(url.searchParams.get('per_page') ?? 10)
    const pages = Math.ceil(all.length / perPage)
    const next = new URL(url)
    next.searchParams.set('page', String(page + 1))
    const link = page < pages ? { link: `<${next.href}>; rel="next"` } : {}
    const totals = { 'x-wp-total': String(all.length), 'x-wp-totalpages': String(pages) }
    const headers: Record<string, string> = { ...link, ...(state.site.totals === 'header' && totals) }
    return { status: 200, headers, body: all.slice((page - 1) * perPage, page * perPage) }
  }
}

function wpError(status: number, code: string, message: string) {
  return { status, body: { code, message, data: { status } } }
}

const noRoute = wpError(404, 'rest_no_route', 'No route was found matching the URL and request method.')

const ORDERINGS = ['date', 'id', 'include', 'title', 'slug', 'modified', 'price', 'popularity', 'rating']

function invalidIn(query: URLSearchParams): string | null {
  const [perPage, page, orderby] = ['per_page', 'page', 'orderby'].map((name) => query.get(name))
  if (perPage != null && !(Number(perPage) >= 1 && Number(perPage) <= 100)) return 'per_page'
  if (page != null && !(Number(page) >= 1)) return 'page'
  if (orderby != null && !ORDERINGS.includes(orderby)) return 'orderby'
  return query.has('customer') && !/^\d+$/.test(query.get('customer') ?? '') ? 'customer' : null
}

function withFields(body: unknown, fields: string[] | undefined): unknown {
  if (fields === undefined) return body
  if (Array.isArray(body)) return body.map((one) => withFields(one, fields))
  return Object.fromEntries(Object.entries(body as object).filter(([name]) => fields.includes(name)))
}
