import { PROVIDER_NAMES, type ProviderName } from '../server/config/models.ts'
import type { LlmConfig } from '../server/config/llm.ts'
import { chooseProvider } from '../server/llm/install-models.ts'
import { PROVIDERS } from '../server/llm/registry.ts'

/** A model to be judged; null: the one that its provider takes by itself. */
export interface Candidate {
  provider: ProviderName
  model: string | null
}

/** Reads `claude:claude-haiku-5-5,openai:gpt-6-luna`, or tells what is wrong with it. A model's name may hold colons. */
export function readCandidates(text: string): Candidate[] | string {
  const candidates: Candidate[] = []
  for (const part of text.split(',')) {
    const [name = '', ...rest] = part.trim().split(':')
    const provider = PROVIDER_NAMES.find((known) => known === name)
    if (!provider) return `There is no provider "${name}", only ${PROVIDER_NAMES.join(', ')}.`
    candidates.push({ provider, model: rest.length > 0 ? rest.join(':') : null })
  }
  return candidates
}

/** The model that a server with this configuration would take; none where it would have none. */
export async function usualCandidates(settings: LlmConfig): Promise<Candidate[]> {
  const { provider, model } = await chooseProvider(settings)
  return provider === 'offline' ? [] : [{ provider, model }]
}

/** What a candidate lacks here, in one line; null: nothing. */
export async function lackOf({ provider }: Candidate, settings: LlmConfig): Promise<string | null> {
  const found = await PROVIDERS[provider].suits({ ...settings, model: null })
  return found.suits ? null : `${provider} cannot be asked: ${found.reason}`
}

export function nameOf({ provider, model }: Candidate): string {
  return model === null ? provider : `${provider}:${model}`
}
