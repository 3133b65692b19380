import type { AiSettings } from '../../../protocol/ai-settings.ts'
import type { AgentTools } from '../../agent/run-agent.ts'
import type { Route } from '../../llm/models.ts'
import { OFFLINE } from '../../llm/offline.ts'
import { answerKey } from '../answer-cache.ts'
import type { TurnPrompt } from '../prompt.ts'
import type { ComposedRequest } from './compose-request.ts'

/** Everything that has been decided about a request. */
export interface Decided {
  settings: AiSettings
  route: Route
  composed: ComposedRequest
  tools: AgentTools
  /** Whether the knowledge is searched. */
  searches: boolean
}

/**
 * Under which key the answer may be given again to whoever asks the same; null where it may not: to a second question,
 * to somebody who is known, or tries the AI, where the client does not want it, or where it costs nothing anyway.
 */
export function repeatableKey(prompt: TurnPrompt, decided: Decided): string | null {
  const { settings, route, composed, tools, searches } = decided
  const { parties, opening } = prompt
  const [model] = route
  const isFirst = opening !== null && parties.anonymous && !parties.is_test
  if (settings.cache === false || !isFirst || model.provider === OFFLINE) return null
  const { client_id, system, parameters = null, locale = null } = composed.request
  return answerKey({
    ...{ client_id, system, parameters, locale, model },
    prompt_version: composed.promptVersion,
    knowledge: searches && parties.knowledge_version,
    tools: tools.definitions,
    language: composed.language,
    question: opening,
  })
}
