import { Type, type Static } from 'typebox'
import { refusalOf } from '../../infra/outbound/refusal.ts'
import { UserIds } from '../shop/shopper.ts'

const closed = { additionalProperties: false }

export const WooConfig = Type.Object(
  {
    url: Type.String({ maxLength: 2_000, description: 'The shop’s address, such as https://acme.example.' }),
    plain_permalinks: Type.Optional(
      Type.Boolean({
        description: 'WordPress is set to plain permalinks: its API is asked by ?rest_route=.',
      }),
    ),
    user_ids: Type.Optional(UserIds),
  },
  closed,
)
export type WooConfig = Static<typeof WooConfig>

export const WooCredentials = Type.Object(
  {
    consumer_key: Type.String({ pattern: '^ck_[A-Za-z0-9]+$', maxLength: 200 }),
    consumer_secret: Type.String({ pattern: '^cs_[A-Za-z0-9]+$', maxLength: 200 }),
  },
  closed,
)
export type WooCredentials = Static<typeof WooCredentials>

/** `allow`: pairs of host and port that may be private. */
export function faultOfWoo({ url }: WooConfig, allow: readonly string[]): string | null {
  const refusal = refusalOf(url, allow)
  if (refusal !== null) return `url ${refusal}.`
  const { protocol, search, hash } = new URL(url)
  if (protocol !== 'https:')
    return 'url must begin with https://: WooCommerce takes its keys over https alone.'
  return search === '' && hash === '' ? null : 'url must end with the shop’s path, without ? or #.'
}

/** To whom the keys are told. A site may share its host with others, in folders beside it. */
export function wooHome({ url }: WooConfig): string {
  const { origin, pathname } = new URL(url)
  return origin + pathname.replace(/\/+$/, '')
}

/** The address of a route of WordPress' API, such as `/wc/v3/products`. What values hold is encoded. */
export function routeUrl(config: WooConfig, route: string, query: Record<string, string>): string {
  const plain = config.plain_permalinks === true
  const url = new URL(`${wooHome(config)}/${plain ? '' : `wp-json${route}`}`)
  if (plain) url.searchParams.set('rest_route', route)
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  return url.href
}
