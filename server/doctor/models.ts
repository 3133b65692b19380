import type { LlmConfig } from '../config/llm.ts'
import { PROVIDER_NAMES, type ProviderName } from '../config/models.ts'
import { chooseProvider, installationOf, type ChosenProvider } from '../llm/install-models.ts'
import type { ModelChoice } from '../llm/models.ts'
import { OFFLINE } from '../llm/offline.ts'
import { findOllama } from '../llm/ollama/index.ts'
import { UNKNOWN_MODEL } from '../llm/ollama/default-model.ts'
import { costOf } from '../llm/pricing.ts'
import { PROVIDERS } from '../llm/registry.ts'
import { askOneWord } from './ask-one-word.ts'
import { findingsOf, type Finding } from './finding.ts'

const { ok, warning, problem } = findingsOf('Model')

/** Milliseconds that a model has for one word, and an Ollama to tell what it has. */
const ANSWER_MS = 20_000
const LOOK_MS = 5_000

/** Models that are shown by their names. */
const SHOWN = 5

/** A model that the configuration names, and whether visitors are asked about it first. */
interface Used {
  provider: ProviderName
  model: string
  first: boolean
}

/**
 * Which models would answer, and why; whether each provider that is configured can be used, and each price is known;
 * `online`, whether each model answers within `patience` milliseconds.
 */
export async function* examineModels(
  settings: LlmConfig,
  online: boolean,
  patience = ANSWER_MS,
): AsyncGenerator<Finding> {
  const chosen = await chooseProvider(settings)
  const used = usedModels(settings, chosen)
  const isAsked = online || chosen.provider === OFFLINE
  yield ok(`${describe(settings, chosen, used)}${isAsked ? '' : ' It was not asked: --online does.'}`)
  const installed = isConfigured(settings, chosen, 'ollama')
    ? await findOllama(settings.ollama.host, LOOK_MS)
    : null
  for (const name of PROVIDER_NAMES.filter((each) => isConfigured(settings, chosen, each))) {
    if (name === 'ollama') yield* examineOllama(settings.ollama.host, installed, used)
    else if (name !== OFFLINE && !used.some(({ provider }) => provider === name))
      yield ok(`${name} is configured, and answers only clients that name it.`)
  }
  yield* examinePrices(settings, used)
  if (!online) return
  const installation = installationOf(settings, chosen, { searchKnowledge: () => Promise.resolve([]) })
  const asked = used.filter(({ provider }) => provider !== OFFLINE)
  const answers = asked.map(({ provider, model, first }) => {
    const made = installation.provider(provider, { standsIn: false, hasty: false })
    if (!made) throw new Error(`There is no ${provider}`)
    return askOneWord(made, { model, first, patience })
  })
  for (const answer of answers) yield await answer
}

/** Every model that is asked somewhere, once; the knowledge too. */
function usedModels(settings: LlmConfig, chosen: ChosenProvider): Used[] {
  const installation = installationOf(settings, chosen, { searchKnowledge: () => Promise.resolve([]) })
  const { main, fallbacks, summaries } = installation
  const used: Used[] = []
  const choices: ModelChoice[] = [main, ...fallbacks, ...(summaries ? [summaries] : [])]
  for (const { provider, model = installation.defaultModel(provider) ?? UNKNOWN_MODEL } of choices) {
    const name = PROVIDER_NAMES.find((each) => each === provider)
    if (!name || used.some((other) => other.provider === name && other.model === model)) continue
    used.push({ provider: name, model, first: used.length === 0 })
  }
  return used
}

function describe({ fallbacks }: LlmConfig, { reason }: ChosenProvider, used: readonly Used[]): string {
  const [first, ...others] = used.map(({ provider, model }) => `${provider} ${model}`)
  const behind =
    fallbacks.length > 0 && others.length > 0 ? `then ${others.join(', ')}` : 'nobody stands behind it'
  return `${String(first)}; ${behind}. ${reason}`
}

function isConfigured(settings: LlmConfig, { provider }: ChosenProvider, name: ProviderName): boolean {
  const named = [...settings.fallbacks, settings.summaryModel].some((each) => each?.provider === name)
  return named || provider === name || PROVIDERS[name].configured(settings)
}

/** Whether it is there, and has what is asked of it. */
function* examineOllama(
  host: string,
  found: { models: string[] } | null,
  used: readonly Used[],
): Generator<Finding> {
  const ours = used.filter(({ provider }) => provider === 'ollama')
  const bad = ours.some(({ first }) => first) ? problem : warning
  if (!found) {
    yield bad(`No Ollama answers at ${host}. Start it (ollama serve), or correct OLLAMA_HOST.`)
    return
  }
  const { models } = found
  if (models.length === 0) {
    yield bad(`The Ollama at ${host} has no model that can chat. Run ollama pull <model>.`)
    return
  }
  const more = models.length > SHOWN ? ` and ${models.length - SHOWN} more` : ''
  yield ok(`The Ollama at ${host} has ${models.slice(0, SHOWN).join(', ')}${more}.`)
  for (const { model, first } of ours) {
    const has = model === UNKNOWN_MODEL || models.some((name) => name === model || name === `${model}:latest`)
    if (!has)
      yield (first ? problem : warning)(`The Ollama at ${host} has no ${model}. Run ollama pull ${model}.`)
  }
}

function* examinePrices(settings: LlmConfig, used: readonly Used[]): Generator<Finding> {
  const nothing = { input: 0, output: 0, cached: 0 }
  const unknown = used.filter((named) => !costOf(named, nothing, settings.prices).known)
  for (const { model } of unknown)
    yield warning(`The price of ${model} is not known: its cost counts as 0. Name it in a file, LLM_PRICES.`)
}
