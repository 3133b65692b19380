import { startHelper, type Helper } from '../processes/helper.ts'
import type { Place } from '../processes/start-process.ts'

export type ProviderCalls = {
  /** Where it listens. */
  url: { given: null; gives: string }
  /** How many tokens it has written to anybody. */
  written: { given: null; gives: number }
}

/** What each answer of the stand-in is like. */
export interface Speech {
  /** Tokens a second. */
  rate: number
  tokens: number
}

export interface Provider extends Helper<ProviderCalls> {
  url: string
}

/** Starts the stand-in for Anthropic in a process of its own. */
export async function startProvider({ rate, tokens }: Speech, place: Place): Promise<Provider> {
  const parameters = ['--rate', String(rate), '--tokens', String(tokens)]
  const helper = await startHelper<ProviderCalls>('provider/program.ts', { parameters, place })
  return { ...helper, url: await helper.call('url', null) }
}
