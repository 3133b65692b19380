import { LRUCache } from 'lru-cache'
import { Type } from 'typebox'
import type { CompileSchema } from '../../infra/validate.ts'
import { formOf, type WooApi, type WooConnection } from './api.ts'

/** Milliseconds for which a shop's currency is not asked for again, and shops of which it is kept. */
const KEPT_FOR = 3_600_000
const KEPT = 1_000

/** The currency in which a shop's products are priced: WooCommerce tells it nowhere beside the price. */
export type CurrencyOf = (api: WooApi, connection: WooConnection) => Promise<string | null>

/** Null where the shop does not say: its prices can be told all the same. */
export function createCurrencies(parts: { compile: CompileSchema; now: () => number }): CurrencyOf {
  const form = formOf(parts.compile, Type.Object({ code: Type.String() }))
  const kept = new LRUCache<string, string>({
    max: KEPT,
    ttl: KEPT_FOR,
    ttlResolution: 0,
    perf: { now: parts.now },
  })

  return async (api, { id, version }) => {
    const key = `${id}/${String(version)}`
    const found = kept.get(key)
    if (found !== undefined) return found
    const answer = await api.one('/wc/v3/data/currencies/current', form)
    if (!answer.ok) return null
    kept.set(key, answer.record.code)
    return answer.record.code
  }
}
