import { startHelper, type Helper } from '../processes/helper.ts'
import type { Place } from '../processes/start-process.ts'

export type ProviderCalls = {
  /** Where it listens. */
  url: { given: null; gives: string }
  /** Lets all answers that have begun come to their end. */
  end: { given: null; gives: null }
}

export interface Provider extends Helper<ProviderCalls> {
  url: string
}

/** Starts the stand-in for Anthropic in a process of its own; it speaks so many tokens a second in each answer. */
export async function startProvider(rate: number, place: Place): Promise<Provider> {
  const parameters = ['--rate', String(rate)]
  const helper = await startHelper<ProviderCalls>('provider/program.ts', { parameters, place })
  return { ...helper, url: await helper.call('url', null) }
}
