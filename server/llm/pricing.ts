import type { PriceTable, Rates } from '../config/prices.ts'
import type { Usage } from './provider.ts'
import { PRICES } from './prices.ts'

export interface Cost {
  /** US dollars. */
  usd: number
  /** False: nobody knows the price, and `usd` is 0 for want of better. */
  known: boolean
}

/** What runs on a machine of one's own, and costs nothing unless the operator says so. */
const OWN_PROVIDERS: ReadonlySet<string> = new Set(['ollama', 'offline'])

/**
 * What was spent on these tokens. A dated id (`claude-haiku-5-5-20261001`, `gpt-6-luna-2026-09-22`) has the price of
 * the undated one; `own`, the operator's prices, win over ours.
 */
export function costOf(
  { provider, model }: { provider: string; model: string },
  usage: Usage,
  own: PriceTable = new Map(),
): Cost {
  const undated = model.replace(/-(\d{8}|\d{4}-\d{2}-\d{2})$/, '')
  const price = own.get(model) ?? own.get(undated)
  if (price) return { usd: dollars(price, usage), known: true }
  if (OWN_PROVIDERS.has(provider)) return { usd: 0, known: true }
  const ours = PRICES.get(model) ?? PRICES.get(undated)
  return ours ? { usd: dollars(ours, usage), known: true } : { usd: 0, known: false }
}

function dollars(price: Rates & { long?: Rates & { above: number } }, usage: Usage): number {
  const { input, output, cached, written = 0 } = usage
  const rates = price.long && input > price.long.above ? price.long : price
  const fresh = Math.max(0, input - cached - written)
  const millionths =
    fresh * rates.input + cached * rates.cacheRead + written * rates.cacheWrite + output * rates.output
  return millionths / 1_000_000
}
