import type { Price, PriceTable, Rates } from '../config/prices.ts'

/** Tokens of a request beyond which a vendor asks for more. */
const CLAUDE_LONG = 100_000
const OPENAI_LONG = 272_000

/**
 * What models cost, by their ids, as of November 2026. Operators override it with LLM_PRICES.
 * https://platform.claude.com/docs/en/about-claude/pricing (the cache of 5 minutes; since October Sonnet 5.5 and Opus
 * 5.5 read it at a twentieth of the price, the others at a tenth), https://developers.openai.com/api/docs/pricing
 */
export const PRICES: PriceTable = new Map<string, Price>([
  ['claude-haiku-5-5', { ...rates(0.1, 0.5, 0.125, 0.01), long: long(CLAUDE_LONG, 0.5, 2.5, 0.625, 0.05) }],
  ['claude-sonnet-5-5', rates(2, 10, 2.5, 0.1)],
  ['claude-opus-5-5', rates(4, 20, 5, 0.2)],
  ['claude-haiku-4-5', rates(1, 5, 1.25, 0.1)],
  ['claude-sonnet-5', rates(2, 10, 2.5, 0.2)],
  ['claude-opus-5', rates(5, 25, 6.25, 0.5)],
  ['gpt-6-luna', { ...rates(0.1, 0.5, 0.125, 0.01), long: long(OPENAI_LONG, 0.2, 0.75, 0.25, 0.02) }],
  ['gpt-6.1-terra', { ...rates(1, 5, 1.25, 0.05), long: long(OPENAI_LONG, 2, 7.5, 2.5, 0.1) }],
  ['gpt-6.1-sol', { ...rates(2, 10, 2.5, 0.1), long: long(OPENAI_LONG, 4, 15, 5, 0.2) }],
  ['gpt-6-sol', { ...rates(2, 10, 2.5, 0.2), long: long(OPENAI_LONG, 4, 15, 5, 0.4) }],
  ['gpt-6-astra', { ...rates(10, 50, 12.5, 1), long: long(OPENAI_LONG, 20, 75, 25, 2) }],
  ['gpt-4.1', rates(2, 8, 2, 0.5)],
  ['gpt-4.1-mini', rates(0.4, 1.6, 0.4, 0.1)],
  ['gpt-4o', rates(2.5, 10, 2.5, 1.25)],
  ['gpt-4o-mini', rates(0.15, 0.6, 0.15, 0.075)],
  ['gpt-3.5-turbo', rates(0.5, 1.5, 0.5, 0.5)],
])

function rates(input: number, output: number, cacheWrite: number, cacheRead: number): Rates {
  return { input, output, cacheWrite, cacheRead }
}

function long(above: number, ...dollars: Parameters<typeof rates>): Rates & { above: number } {
  return { above, ...rates(...dollars) }
}
