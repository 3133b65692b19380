import type { Usage } from './provider.ts'

/** US dollars for a million tokens. `cacheWrite` is that of a cache which lasts five minutes. */
export interface Price {
  input: number
  output: number
  cacheWrite: number
  cacheRead: number
}

/**
 * What models cost, by their ids, as of November 2026 (https://platform.claude.com/docs/en/about-claude/pricing).
 * claude-haiku-5-5 costs five times this for a request of more than 100,000 tokens, far beyond what is asked here.
 */
export const PRICES: ReadonlyMap<string, Price> = new Map([
  ['claude-haiku-5-5', { input: 0.1, output: 0.5, cacheWrite: 0.125, cacheRead: 0.01 }],
  ['claude-sonnet-5-5', { input: 2, output: 10, cacheWrite: 2.5, cacheRead: 0.1 }],
  ['claude-opus-5-5', { input: 4, output: 20, cacheWrite: 5, cacheRead: 0.2 }],
  // The offline provider's.
  ['passages', { input: 0, output: 0, cacheWrite: 0, cacheRead: 0 }],
])

export interface Cost {
  usd: number
  /** False: the model is not in the table, and `usd` is 0 for want of better. */
  known: boolean
}

/** What was spent on these tokens. A dated id (`claude-haiku-5-5-20261001`) has the price of the undated one. */
export function costOf(model: string, usage: Usage, prices: ReadonlyMap<string, Price> = PRICES): Cost {
  const price = prices.get(model) ?? prices.get(model.replace(/-\d{8}$/, ''))
  if (!price) return { usd: 0, known: false }
  const { input, output, cached, written = 0 } = usage
  const fresh = Math.max(0, input - cached - written)
  const millionths =
    fresh * price.input + cached * price.cacheRead + written * price.cacheWrite + output * price.output
  return { usd: millionths / 1_000_000, known: true }
}
