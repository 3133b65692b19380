import type { LlmConfig } from '../config/llm.ts'
import type { ProviderName } from '../config/models.ts'
import { CLAUDE_MODEL, createClaude } from './anthropic/index.ts'
import type { Place } from './installation.ts'
import { createOffline, OFFLINE_PACE } from './offline.ts'
import { createOllama, findOllama, OLLAMA_LIMITS } from './ollama/index.ts'
import { createOpenAi, OPENAI_LIMITS, OPENAI_MODEL } from './openai/index.ts'
import { hastyLimits } from './patience.ts'
import type { Provider, SearchKnowledge } from './provider.ts'
import { VENDOR_LIMITS } from './stream-answer.ts'

export { PROVIDER_NAMES } from '../config/models.ts'

/** What providers may need beside the settings. */
export interface ProviderParts {
  searchKnowledge: SearchKnowledge
}

/** Why `auto` takes a provider, or why it cannot; and its model, where that was found out. */
export type Suits = { suits: true; reason: string; model?: string } | { suits: false; reason: string }

/** Milliseconds that an Ollama has to answer when a server starts. */
const OLLAMA_ANSWERS_MS = 1_000

/** One provider as the configuration knows it. */
export interface ProviderRow {
  /** Whether `auto` takes it. It is asked only where those before it do not suit. */
  suits(settings: LlmConfig): Suits | Promise<Suits>
  /** Whether it can be made: clients may choose it, too. */
  configured(settings: LlmConfig): boolean
  /** Its own choice, where neither operator nor client names a model; null: it finds one when it is first asked. */
  defaultModel: string | null
  create(settings: LlmConfig, model: string | null, parts: ProviderParts & Place): Provider
}

/** Every provider, in the order in which `auto` tries them. docs/adding-a-provider.md tells how to add one. */
export const PROVIDERS: Readonly<Record<ProviderName, ProviderRow>> = {
  claude: {
    suits: ({ anthropic }) => suitsWithKey('ANTHROPIC_API_KEY', anthropic.apiKey),
    configured: ({ anthropic }) => anthropic.apiKey !== null,
    defaultModel: CLAUDE_MODEL,
    create({ anthropic: { apiKey, baseUrl } }, model, { hasty }) {
      if (apiKey === null) throw new Error('claude was chosen without its key')
      const limits = hasty ? hastyLimits(VENDOR_LIMITS) : VENDOR_LIMITS
      return createClaude({ apiKey, baseUrl, model: model ?? CLAUDE_MODEL }, limits)
    },
  },
  openai: {
    suits: ({ openai }) =>
      suitsWithKey(openai.apiKey === '' ? 'OPENAI_BASE_URL' : 'OPENAI_API_KEY', openai.apiKey),
    configured: ({ openai }) => openai.apiKey !== null,
    defaultModel: OPENAI_MODEL,
    create({ openai }, model, { hasty }) {
      const limits = OPENAI_LIMITS[openai.api]
      const settings = { ...openai, apiKey: openai.apiKey ?? '', model: model ?? OPENAI_MODEL }
      return createOpenAi(settings, hasty ? hastyLimits(limits) : limits)
    },
  },
  ollama: {
    suits: ({ ollama, model }) => suitsWithOllama(ollama.host, model),
    configured: ({ ollama }) => ollama.named,
    defaultModel: null,
    create: ({ ollama: { host } }, model, { hasty }) =>
      createOllama({ host, model }, hasty ? hastyLimits(OLLAMA_LIMITS) : OLLAMA_LIMITS),
  },
  offline: {
    suits: () => ({ suits: true, reason: 'No model is configured: answers are passages of the knowledge.' }),
    configured: () => true,
    defaultModel: 'passages',
    create: (_settings, _model, { searchKnowledge, standsIn }) =>
      createOffline(searchKnowledge, OFFLINE_PACE, standsIn),
  },
}

function suitsWithKey(variable: string, key: string | null): Suits {
  return key === null
    ? { suits: false, reason: `${variable} is not set.` }
    : { suits: true, reason: `${variable} is set.` }
}

/** An Ollama that has the model which is wanted; or, where none is named, any that can chat. */
async function suitsWithOllama(host: string, wanted: string | null): Promise<Suits> {
  const found = await findOllama(host, OLLAMA_ANSWERS_MS)
  if (!found) return { suits: false, reason: `No Ollama answers at ${host}.` }
  const model = wanted === null ? found.models[0] : found.models.find((name) => isModel(name, wanted))
  const lack = wanted === null ? 'no model that can chat (ollama pull <model>)' : `no ${wanted}`
  if (model === undefined) return { suits: false, reason: `The Ollama at ${host} has ${lack}.` }
  return { suits: true, reason: `No key is set, and an Ollama answers at ${host}.`, model }
}

/** Ollama takes a name without a tag for its latest. */
function isModel(installed: string, wanted: string): boolean {
  return installed === wanted || installed === `${wanted}:latest`
}
