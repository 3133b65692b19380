import type { SystemPrompt } from '../../llm/provider.ts'
import { BASE_VERSION, baseRules } from './base.ts'
import { businessPart, type BusinessVoice } from './business.ts'
import { HEBREW, HEBREW_VERSION } from './hebrew.ts'
import { momentPart, type Moment } from './moment.ts'

/** Everything that is told to a model before the conversation. */
export interface PromptParts {
  /** What the widget calls the assistant; null: it has no name of its own. */
  assistant: string | null
  domain: string | null
  voice: BusinessVoice
  knows: boolean
  hands: boolean
  acts: boolean
  /** The language of the answer, a tag of BCP 47; null where only the model can tell. */
  language: string | null
  moment: Moment
}

/** The prompt: first what is the same for every question to this business in this language, then what holds now. */
export function systemPrompt(parts: PromptParts): SystemPrompt {
  const { assistant, domain, voice, knows, hands, acts, language } = parts
  const rules = baseRules({ assistant, business: voice.facts.name, domain, knows, hands, acts })
  const stable = [rules, businessPart(voice), variationOf(language)?.words ?? '']
  return { stable: stable.filter(Boolean).join('\n\n'), moment: momentPart(parts.moment) }
}

/** Says which words a model is given in this language; kept with every turn. */
export function promptVersion(language: string | null): string {
  const variation = variationOf(language)
  return variation ? `${BASE_VERSION}.${variation.version}` : BASE_VERSION
}

interface Variation {
  version: string
  words: string
}

/** Languages whose usage a model does not know well enough by itself. */
const VARIATIONS: ReadonlyMap<string, Variation> = new Map([
  ['he', { version: HEBREW_VERSION, words: HEBREW }],
])

function variationOf(language: string | null): Variation | undefined {
  return language === null ? undefined : VARIATIONS.get(language)
}
