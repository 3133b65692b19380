import type { Variables } from './variables.ts'

export const PROVIDER_NAMES = ['claude', 'openai', 'ollama', 'offline'] as const

export type ProviderName = (typeof PROVIDER_NAMES)[number]

/** A model of a provider, as an operator names it. `model` null: the provider's default. */
export interface ConfiguredModel {
  provider: ProviderName
  model: string | null
}

/** Models that may be named one after the other. */
const MOST_FALLBACKS = 8

const NAMED = 'a provider, or provider:model, such as claude:claude-haiku-5-5'

/** What a model may be called, by any vendor. */
export function readModelId(value: string): string | null {
  return /^[\w.:@/-]{1,200}$/.test(value) ? value : null
}

/** Who is asked when the first does not answer; `none` where nobody is. */
export function readFallbacks(
  variables: Variables,
  variable: string,
  fallback: readonly ConfiguredModel[],
): readonly ConfiguredModel[] {
  const expected = `none, or up to ${MOST_FALLBACKS} with commas between them, each ${NAMED}`
  return variables.take(variable, fallback, expected, (value) => {
    if (value === 'none') return []
    const named = value.split(',').map((part) => readModel(part.trim()))
    if (named.length > MOST_FALLBACKS) return null
    const models = named.filter((model) => model !== null)
    return models.length === named.length ? models : null
  })
}

/** One model of one provider. */
export function readOneModel(variables: Variables, variable: string): ConfiguredModel | null {
  return variables.take(variable, null, NAMED, readModel)
}

/** A model's id may hold colons itself. */
function readModel(value: string): ConfiguredModel | null {
  const [name = '', ...rest] = value.split(':')
  const provider = PROVIDER_NAMES.find((known) => known === name)
  if (!provider) return null
  if (rest.length === 0) return { provider, model: null }
  const model = readModelId(rest.join(':'))
  return model === null || provider === 'offline' ? null : { provider, model }
}
