import { Type } from 'typebox'
import type { Outbound } from '../../infra/outbound/index.ts'
import type { CompileSchema } from '../../infra/validate.ts'
import { exchangeJson, SENT_ELSEWHERE } from '../exchange.ts'
import type { Failure, Verdict } from '../kind.ts'
import { formOf, type WooApi } from './api.ts'
import { routeUrl, type WooConfig } from './connection.ts'

/** Milliseconds for one look at WordPress' index. */
const LOOKING = 8_000

/** What `_fields` is heeded by; a site that does not heed it tells all its routes. */
const MOST_BYTES = 4 * 1024 * 1024

/** Says whether a shop is there, and whether the key may see all that is offered to models. */
export type TryWoo = (api: WooApi, config: WooConfig, signal: AbortSignal) => Promise<Verdict>

/** Looks first, without the key: nobody is told it who does not look like a shop. */
export function tryWoo({ compile, outbound }: { compile: CompileSchema; outbound: Outbound }): TryWoo {
  const id = formOf(compile, Type.Object({ id: Type.Integer() }))

  return async (api, config, signal) => {
    const found = await lookAt(config, signal)
    if (found !== 'shop') return bad(await explain(found, config, signal))
    const needed = ['/wc/v3/products', ...(config.user_ids === undefined ? [] : ['/wc/v3/orders'])]
    for (const route of needed) {
      const answer = await api.page(route, id, { page: 1, perPage: 1 })
      if (!answer.ok) return bad(answer.message)
    }
    return { ok: true, message: 'It works: WooCommerce answers, and lets the key read.' }
  }

  /** `wordpress`: without WooCommerce. `other`: something else. */
  async function lookAt(
    config: WooConfig,
    signal: AbortSignal,
  ): Promise<'shop' | 'wordpress' | 'other' | Failure> {
    const request = {
      ...{ method: 'GET' as const, url: routeUrl(config, '/', { _fields: 'namespaces' }), body: null },
      headers: { accept: 'application/json', 'user-agent': 'Parlor' },
      ...{ timeout: LOOKING, mostBytes: MOST_BYTES },
    }
    const answer = await exchangeJson(outbound, request, signal)
    if (!answer.ok && answer.message === SENT_ELSEWHERE) return { ...answer, message: ELSEWHERE }
    if (!answer.ok)
      return answer.problem === 'unreadable' || answer.problem === 'not_found' ? 'other' : answer
    const { namespaces } = Object(answer.body) as { namespaces?: unknown }
    if (!Array.isArray(namespaces)) return 'other'
    return namespaces.includes('wc/v3') ? 'shop' : 'wordpress'
  }

  async function explain(
    found: 'wordpress' | 'other' | Failure,
    config: WooConfig,
    signal: AbortSignal,
  ): Promise<string> {
    if (found === 'wordpress') return NO_WOOCOMMERCE
    if (found !== 'other') return found.message
    const plain = config.plain_permalinks === true
    const otherwise = await lookAt({ ...config, plain_permalinks: !plain }, signal)
    if (otherwise !== 'shop') return NO_WORDPRESS
    return plain ? NOT_PLAIN : PLAIN
  }
}

function bad(message: string): Verdict {
  return { ok: false, message }
}

const NO_WOOCOMMERCE = 'WordPress answers there, but WooCommerce is not active, or older than 3.5.'
const NO_WORDPRESS =
  'No WordPress answers there: check the address, with the folder of the shop, and that nothing in front of it blocks /wp-json/.'
const ELSEWHERE =
  'The shop redirects to another address: enter the one that a browser shows in the end, with www or without.'
const PLAIN =
  'WordPress answers, but is set to plain permalinks: in its Settings > Permalinks choose any other, or set plain_permalinks to true.'
const NOT_PLAIN = 'WordPress answers, and has no plain permalinks: set plain_permalinks to false.'
