import { Type, type Static } from 'typebox'
import { UserIds } from '../shop/shopper.ts'

const closed = { additionalProperties: false }

export const ShopifyConfig = Type.Object(
  {
    shop: Type.String({ maxLength: 100, description: 'The shop’s own domain, such as acme.myshopify.com.' }),
    user_ids: Type.Optional(UserIds),
  },
  closed,
)
export type ShopifyConfig = Static<typeof ShopifyConfig>

/** Either the token of an app that was made in the shop’s admin until 2025, or an app of the Dev Dashboard. */
export const ShopifyCredentials = Type.Object(
  {
    access_token: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'shpat_...' })),
    client_id: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    client_secret: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'shpss_...' })),
  },
  closed,
)
export type ShopifyCredentials = Static<typeof ShopifyCredentials>

/** Shopify is told credentials under this name alone: what else somebody enters for a shop is not Shopify's. */
const SHOP = /^[a-z0-9][a-z0-9-]{0,62}\.myshopify\.com$/

/** Whether it is something that a header takes. */
export function isToken(value: unknown): value is string {
  return typeof value === 'string' && /^[\x21-\x7e]+$/.test(value)
}

export function faultOfShopify(config: ShopifyConfig, credentials: ShopifyCredentials | null): string | null {
  if (!SHOP.test(config.shop))
    return 'shop must be the domain that Shopify gave it, such as acme.myshopify.com, in small letters and without https://.'
  if (credentials === null) return null
  const { access_token: token, client_id: id, client_secret: secret } = credentials
  if (token !== undefined && (id !== undefined || secret !== undefined))
    return 'Enter either access_token, or client_id and client_secret.'
  if (token === undefined && (id === undefined || secret === undefined))
    return 'Enter access_token, or both client_id and client_secret.'
  const broken = [token, id, secret].some((one) => one !== undefined && !isToken(one))
  return broken ? 'The credentials hold characters that no token has, such as blanks.' : null
}

/** As every request needs it, whatever was kept before. */
export function shopOrigin({ shop }: ShopifyConfig): string {
  if (!SHOP.test(shop)) throw new Error('the shop’s domain was not checked')
  return `https://${shop}`
}
