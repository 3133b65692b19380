import type { Moment } from '../../agent/prompts/moment.ts'
import { promptVersion, systemPrompt } from '../../agent/prompts/index.ts'
import { clientTimeZone } from '../../clients/client-time-zone.ts'
import { ALWAYS_OPEN, openingAt } from '../../clients/opening.ts'
import { withoutTemplateTokens } from '../../infra/template-tokens.ts'
import { describeMinute } from '../../infra/time-zone.ts'
import { visibleText } from '../../infra/visible-text.ts'
import type { ModelMessage, ModelRequest } from '../../llm/provider.ts'
import type { AiSettings } from '../../../protocol/ai-settings.ts'
import type { TurnPrompt } from '../prompt.ts'
import { chooseLanguage } from './answer-language.ts'
import { readBusinessFacts } from './business-facts.ts'
import { readVisitorFacts } from './visitor-facts.ts'

/** What a model is asked, but for the tools and what is found for the question. */
export interface ComposedRequest {
  request: Pick<ModelRequest, 'client_id' | 'system' | 'parameters' | 'locale' | 'time_zone'>
  messages: ModelMessage[]
  /** Of the answer, as BCP 47 without a region; null where only the model can tell. */
  language: string | null
  promptVersion: string
}

/** What decides how a request is composed, beside the prompt that was read. */
export interface Asking {
  client_id: string
  settings: AiSettings
  /** Whether the model may search the client's knowledge, and whether it has any tools. */
  knows: boolean
  acts: boolean
  /** Whether it may ask for a person. */
  hands: boolean
  at: Date
}

/** Composes the prompt and the conversation as a model of any vendor reads them. */
export function composeRequest(prompt: TurnPrompt, asking: Asking): ComposedRequest {
  const { parties, summary } = prompt
  const { client_id, settings, knows, hands, acts, at } = asking
  const { told, language } = chooseLanguage(settings.language, prompt.messages, parties.locale)
  const locale = language ?? parties.locale
  const time_zone = clientTimeZone(settings, parties.business_info)
  const facts = readBusinessFacts(parties.name, parties.business_info)
  const system = systemPrompt({
    assistant: parties.assistant === null ? null : oneLine(parties.assistant),
    domain: parties.domain,
    voice: { facts, tone: settings.tone ?? null, additions: visibleText(settings.prompt ?? '') },
    knows,
    hands,
    acts,
    language,
    moment: {
      at,
      timeZone: time_zone,
      language: told,
      summary: summary === null ? null : withoutTemplateTokens(visibleText(summary)),
      ...readVisitorFacts(parties),
      awaited: hands && parties.handoff === 'requested',
      closed: hands ? closedAt(at, settings, time_zone) : null,
    },
  })
  return {
    request: {
      client_id,
      system,
      time_zone,
      ...(settings.parameters && { parameters: settings.parameters }),
      ...(locale !== null && { locale }),
    },
    messages: prompt.messages.map(asRead),
    language,
    promptVersion: promptVersion(language),
  }
}

/** Null: it is within the hours, or the client has none. */
function closedAt(at: Date, { hours }: AiSettings, timeZone: string): Moment['closed'] {
  const { open, opens_at } = hours ? openingAt(hours, timeZone, at) : ALWAYS_OPEN
  if (open) return null
  return { until: opens_at && describeMinute(opens_at, timeZone) }
}

function oneLine(text: string): string {
  return visibleText(text).replace(/\s+/g, ' ').trim()
}

/** The messages are as people see them already; nor may they speak the language of a chat template. */
function asRead(message: ModelMessage): ModelMessage {
  return message.role === 'tool' ? message : { ...message, text: withoutTemplateTokens(message.text) }
}
