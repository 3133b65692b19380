import type { Provider } from '../../../server/llm/provider.ts'
import { AnthropicStandIn } from './anthropic.ts'
import type { LimitChanges } from './asking.ts'
import { claudeAt } from './claude.ts'
import { OllamaStandIn } from './ollama.ts'
import { ollamaAt } from './ollama-provider.ts'
import { openAiAt, OpenAiStandIn } from './openai.ts'
import type { AnyStandIn } from './stand-in.ts'

/** A vendor as those tests see it that hold for all of them. */
export interface Vendor {
  name: string
  start: () => Promise<AnyStandIn>
  /** The vendor's provider, asking the stand-in at this address. */
  providerAt: (url: string, changes?: LimitChanges) => Provider
  /** What has no form on its wire, so that it cannot come. */
  cannot?: readonly Impossible[]
}

/** `decline`: have a word of its own for declining. */
export type Impossible = 'break arguments' | 'decline' | 'tell faults apart in mid-answer'

/** Every vendor that a provider exists for. */
export const EVERY_VENDOR: readonly Vendor[] = [
  { name: 'Claude', start: () => AnthropicStandIn.start(), providerAt: claudeAt },
  {
    name: 'OpenAI over Responses',
    start: () => OpenAiStandIn.start(),
    providerAt: (url, changes) => openAiAt(url, { ...changes, api: 'responses' }),
  },
  {
    name: 'OpenAI over Chat Completions',
    start: () => OpenAiStandIn.start(),
    providerAt: (url, changes) => openAiAt(url, { ...changes, api: 'chat' }),
  },
  {
    name: 'Ollama',
    start: () => OllamaStandIn.start(),
    providerAt: ollamaAt,
    // Arguments are an object, declining is a text like any other, and an error is words.
    cannot: ['break arguments', 'decline', 'tell faults apart in mid-answer'],
  },
]
