import type { Config } from '../config/config.ts'
import { CLAUDE_MODEL, createClaude } from './anthropic/index.ts'
import { createOffline } from './offline.ts'
import type { Provider, SearchKnowledge } from './provider.ts'

type Settings = Config['llm']
type ProviderName = Exclude<Settings['provider'], 'auto'>

/** What providers may need beside the settings. */
export interface ProviderParts {
  searchKnowledge: SearchKnowledge
}

export interface ChosenProvider {
  provider: Provider
  /** Why this one, as a sentence for the log. */
  reason: string
}

interface ProviderRow {
  /** Why `auto` takes this provider, or null when it cannot work here. */
  suits(settings: Settings): string | null
  create(settings: Settings, parts: ProviderParts): Provider
}

/** Every provider, in the order in which `auto` tries them. docs/adding-a-provider.md tells how to add one. */
const PROVIDERS: Readonly<Record<ProviderName, ProviderRow>> = {
  claude: {
    suits: ({ anthropic }) => (anthropic.apiKey === null ? null : 'ANTHROPIC_API_KEY is set.'),
    create: ({ model, anthropic }) => {
      const { apiKey, baseUrl } = anthropic
      if (apiKey === null) throw new Error('claude was chosen without its key')
      return createClaude({ apiKey, baseUrl, model: model ?? CLAUDE_MODEL })
    },
  },
  offline: {
    suits: () => 'No model is configured: answers are passages of the knowledge.',
    create: (_settings, { searchKnowledge }) => createOffline(searchKnowledge),
  },
}

/** The provider that the configuration names, or the first that suits it. */
export function chooseProvider(settings: Settings, parts: ProviderParts): ChosenProvider {
  if (settings.provider !== 'auto') {
    const provider = PROVIDERS[settings.provider].create(settings, parts)
    return { provider, reason: `LLM_PROVIDER is ${settings.provider}.` }
  }
  for (const row of Object.values(PROVIDERS)) {
    const reason = row.suits(settings)
    if (reason !== null) return { provider: row.create(settings, parts), reason }
  }
  throw new Error('the last provider must suit every configuration')
}
