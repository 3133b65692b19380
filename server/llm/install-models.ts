import type { LlmConfig } from '../config/llm.ts'
import { PROVIDER_NAMES, type ConfiguredModel, type ProviderName } from '../config/models.ts'
import type { Logger } from '../infra/logger.ts'
import type { Installation, Place } from './installation.ts'
import type { ModelMeter } from './meter.ts'
import { modelsOf, type ModelChoice, type Models } from './models.ts'
import { OFFLINE } from './offline.ts'
import { UNKNOWN_MODEL } from './ollama/default-model.ts'
import type { Provider } from './provider.ts'
import { PROVIDERS, type ProviderParts } from './registry.ts'

/** Which provider answers where a client wishes no other. */
export interface ChosenProvider {
  provider: ProviderName
  /** Null: the provider's own choice. */
  model: string | null
  /** Why this one, in sentences for the log. */
  reason: string
}

/** All models that the configuration knows, behind the one that it names or that suits it. Takes a second at most. */
export async function installModels(
  settings: LlmConfig,
  parts: ProviderParts & { log: Logger; meter?: ModelMeter },
): Promise<Models> {
  const { log, meter } = parts
  const chosen = await chooseProvider(settings)
  const installation = installationOf(settings, chosen, parts)
  const { main, fallbacks } = installation
  const names = fallbacks.map(({ provider, model }) =>
    model === undefined ? provider : `${provider}:${model}`,
  )
  const model = installation.defaultModel(main.provider)
  log.info({ provider: main.provider, model, fallbacks: names, reason: chosen.reason }, 'provider chosen')
  return modelsOf(installation, { log, ...(meter && { meter }), prices: settings.prices })
}

/** The provider that the configuration names, or the first that suits it. */
export async function chooseProvider(settings: LlmConfig): Promise<ChosenProvider> {
  const { provider, model } = settings
  if (provider !== 'auto') return { provider, model, reason: `LLM_PROVIDER is ${provider}.` }
  const reasons: string[] = []
  for (const name of PROVIDER_NAMES) {
    const found = await PROVIDERS[name].suits(settings)
    if (found.suits)
      return { provider: name, model: found.model ?? model, reason: [...reasons, found.reason].join(' ') }
    reasons.push(found.reason)
  }
  throw new Error('the last provider must suit every configuration')
}

/** The providers of a configuration, each made when it is first needed. */
export function installationOf(
  settings: LlmConfig,
  chosen: ChosenProvider,
  parts: ProviderParts,
): Installation {
  const made = new Map<string, Provider>()
  const modelOf = (name: ProviderName) => (name === chosen.provider && name !== OFFLINE ? chosen.model : null)
  return {
    main: { provider: chosen.provider },
    fallbacks: settings.fallbacks.filter((named) => !isMain(named, chosen)).map(choiceOf),
    summaries: settings.summaryModel && choiceOf(settings.summaryModel),
    defaultModel(name) {
      const known = providerNamed(settings, chosen, name)
      return known && (modelOf(known) ?? PROVIDERS[known].defaultModel ?? UNKNOWN_MODEL)
    },
    provider(name, place) {
      const known = providerNamed(settings, chosen, name)
      if (!known) return null
      const key = placeKey(known, place)
      const provider =
        made.get(key) ?? PROVIDERS[known].create(settings, modelOf(known), { ...parts, ...place })
      made.set(key, provider)
      return provider
    },
  }
}

/** Where places make no difference, one provider serves all. */
function placeKey(name: ProviderName, { standsIn, hasty }: Place): string {
  return name === OFFLINE ? `${name} ${String(standsIn)}` : `${name} ${String(hasty)}`
}

/** A provider that is configured, or that the operator names anywhere. */
function providerNamed(settings: LlmConfig, chosen: ChosenProvider, name: string): ProviderName | null {
  const known = PROVIDER_NAMES.find((each) => each === name)
  if (!known) return null
  const named = [chosen, ...settings.fallbacks, settings.summaryModel].some(
    (each) => each?.provider === known,
  )
  return named || PROVIDERS[known].configured(settings) ? known : null
}

function isMain({ provider, model }: ConfiguredModel, chosen: ChosenProvider): boolean {
  return provider === chosen.provider && (model === null || model === chosen.model)
}

function choiceOf({ provider, model }: ConfiguredModel): ModelChoice {
  return model === null ? { provider } : { provider, model }
}
