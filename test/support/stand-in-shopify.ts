import { GraphQLError, graphqlSync, parse, TypeInfo, validate, visit, visitWithTypeInfo } from 'graphql'
import { startTlsStandIn, type Received, type Reply, type TlsStandIn } from './tls-stand-in.ts'
import type { ShopRecords } from './shopify/records.ts'
import { rootOf } from './shopify/resolvers.ts'
import { ADMIN_SCHEMA, SCOPES } from './shopify/schema.ts'

/** A shop of Shopify that keeps Shopify's rules: who may ask, for how much, and what. */
export interface StandInShopify extends TlsStandIn {
  shop: ShopRecords
  /** What the app may see. */
  scopes: string[]
  /** Tokens that are taken. */
  tokens: Set<string>
  /** Points in the bucket; it fills with the clock. */
  bucket: { points: number; maximum: number; rate: number; price: number }
  /** Leaves so many points in the bucket, as of now. */
  leave(points: number): void
  /** Instead of the next answers to questions, one after the other. */
  instead: Reply[]
  /** Seconds for which a token holds that was asked for. */
  tokenFor: number
}

export const SHOP = 'acme.myshopify.com'
export const TOKEN = 'shpat_0123456789abcdef0123456789abcdef'
export const APP = { client_id: 'c11ent', client_secret: 'shpss_fedcba9876543210' }
export const ALL_SCOPES = ['read_products', 'read_legal_policies', 'read_orders', 'read_customers']

/** `now`: milliseconds, by which the bucket fills. */
export async function startStandInShopify(now: () => number): Promise<StandInShopify> {
  const state = {
    shop: { products: [], customers: [], policies: [] } as ShopRecords,
    scopes: [...ALL_SCOPES, 'read_all_orders'],
    tokens: new Set([TOKEN]),
    bucket: { points: 2_000, maximum: 2_000, rate: 100, price: 70 },
    instead: [] as Reply[],
    tokenFor: 86_399,
  }
  let filled = now()
  let asked = 0
  const standIn = await startTlsStandIn([SHOP], answer)
  return Object.assign(state, standIn, { leave })

  function leave(points: number): void {
    state.bucket.points = points
    filled = now()
  }

  function answer(request: Received): Reply {
    if (request.host !== SHOP) return { status: 404, body: { errors: 'Not Found' } }
    if (request.url.pathname === '/admin/oauth/access_token') return grant(request)
    if (request.url.pathname !== '/admin/api/2026-10/graphql.json')
      return { status: 404, body: { errors: 'Not Found' } }
    const instead = state.instead.shift()
    if (instead !== undefined) return instead
    const token = request.headers['x-shopify-access-token']
    if (typeof token !== 'string' || !state.tokens.has(token))
      return {
        status: 401,
        body: { errors: '[API] Invalid API key or access token (unrecognized login or wrong password)' },
      }
    if (request.method !== 'POST' || !request.headers['content-type']?.startsWith('application/json'))
      return { status: 400, body: { errors: { query: 'Required parameter missing or invalid' } } }
    return { status: 200, body: spend(JSON.parse(request.text) as Question) }
  }

  function grant({ text }: Received): Reply {
    const given = JSON.parse(text) as Record<string, unknown>
    const refuse = (error: string) => ({ status: 400, body: { error, error_description: 'Oauth error' } })
    if (given['client_id'] !== APP.client_id) return refuse('application_cannot_be_found')
    if (given['client_secret'] !== APP.client_secret || given['grant_type'] !== 'client_credentials')
      return refuse('invalid_request')
    const access_token = `shpat_asked_${++asked}`
    state.tokens.add(access_token)
    return { status: 200, body: { access_token, scope: state.scopes.join(','), expires_in: state.tokenFor } }
  }

  function spend(question: Question): object {
    const { bucket } = state
    bucket.points = Math.min(bucket.maximum, bucket.points + ((now() - filled) / 1_000) * bucket.rate)
    filled = now()
    const paid = bucket.points >= bucket.price
    if (paid) bucket.points -= bucket.price
    const cost = {
      requestedQueryCost: bucket.price,
      actualQueryCost: paid ? bucket.price : null,
      throttleStatus: {
        maximumAvailable: bucket.maximum,
        currentlyAvailable: bucket.points,
        restoreRate: bucket.rate,
      },
    }
    const throttled = {
      message: 'Throttled',
      extensions: { code: 'THROTTLED', documentation: 'https://shopify.dev/api/usage/rate-limits' },
    }
    return { ...(paid ? run(question) : { errors: [throttled] }), extensions: { cost } }
  }

  function run({ query, variables }: Question): object {
    const document = parse(query)
    const faults = validate(ADMIN_SCHEMA, document)
    if (faults.length > 0)
      return { errors: faults.map(({ message }) => ({ message, extensions: { code: 'undefinedField' } })) }
    const denied = deniedIn(document)
    if (denied.length > 0) return { errors: denied, data: null }
    const { data, errors } = graphqlSync({
      schema: ADMIN_SCHEMA,
      source: query,
      rootValue: rootOf(state.shop, state.scopes),
      variableValues: variables,
    })
    return errors ? { errors: errors.map(({ message }) => ({ message })), data: null } : { data }
  }

  /** In Shopify's words. */
  function deniedIn(document: ReturnType<typeof parse>): object[] {
    const denied: object[] = []
    const types = new TypeInfo(ADMIN_SCHEMA)
    visit(
      document,
      visitWithTypeInfo(types, {
        Field({ name: { value: field } }) {
          const scope = SCOPES[`${types.getParentType()?.name}.${field}`]
          if (scope === undefined || state.scopes.includes(scope)) return
          const requiredAccess = `\`${scope}\` access scope.`
          const message = `Access denied for ${field} field. Required access: ${requiredAccess}`
          const documentation = 'https://shopify.dev/api/usage/access-scopes'
          const extensions = { code: 'ACCESS_DENIED', documentation, requiredAccess }
          denied.push(new GraphQLError(message, { extensions }).toJSON())
        },
      }),
    )
    return denied
  }
}

interface Question {
  query: string
  variables: Record<string, unknown>
}
