import { HANDOFF_DEFAULTS } from '../../../protocol/handoff-defaults.ts'
import { NO_TOOLS, type AgentRun, type AgentTools } from '../../agent/run-agent.ts'
import type { AiSettingsReader } from '../../clients/read-ai-settings.ts'
import type { Logger } from '../../infra/logger.ts'
import type { Models, Route } from '../../llm/models.ts'
import { OFFLINE } from '../../llm/offline.ts'
import type { Passage, SearchKnowledge } from '../../llm/provider.ts'
import type { AskedVisitor, ClientCallsOf } from '../../tools/turn/client-calls.ts'
import type { AnswerCache, KeptAnswer } from '../answer-cache.ts'
import type { ClaimedTurn } from '../claim.ts'
import type { TurnLimits } from '../limits.ts'
import type { TurnPrompt } from '../prompt.ts'
import type { HandOver } from '../hand-over.ts'
import type { Publisher } from '../publisher.ts'
import { boundedSearch } from './bounded-search.ts'
import { composeRequest, type ComposedRequest } from './compose-request.ts'
import { lookUp } from './look-up.ts'
import { repeatableKey } from './repeatable.ts'
import { tellCalls } from './tell-calls.ts'
import { turnTools } from './turn-tools.ts'

export interface PreparingContext {
  models: Models
  limits: TurnLimits
  log: Logger
  readAiSettings: AiSettingsReader
  /** Null: there is no knowledge here. */
  searchKnowledge: SearchKnowledge | null
  /** The functions that a turn may call, beside our own. */
  tools?: AgentTools
  /** Those of the client; without them, `tools` are all. */
  clientCalls?: ClientCallsOf
  publisher: Publisher
  /** Asks for a person; without it, nobody can be asked for. */
  handOver?: HandOver
  answers: AnswerCache
}

/** Everything that a turn asks with. */
export interface PreparedTurn extends Pick<ComposedRequest, 'language' | 'promptVersion'> {
  route: Route
  asked: Pick<AgentRun, 'request' | 'messages' | 'tools'>
  /** The passages that the model was shown: those looked up for it, and from then on those that it finds itself. */
  shown: Passage[]
  /** The calls that failed of functions which are not our own, by name. */
  failed: ReadonlyMap<string, number>
  /** It was given to somebody else already, who asked the same. */
  known: KeptAnswer | null
  /** Under which key it may be given again; null: it may not, or is known. */
  key: string | null
}

/** Makes of what was read what a model is asked. Rejects with the signal's reason when aborted. */
export async function prepareTurn(
  context: PreparingContext,
  {
    claimed,
    visitor,
  }: { claimed: Pick<ClaimedTurn, 'to' | 'turn' | 'attempt' | 'node'>; visitor: AskedVisitor },
  prompt: TurnPrompt,
  signal: AbortSignal,
): Promise<PreparedTurn> {
  const { to, turn } = claimed
  const { client_id } = to
  const { parties } = prompt
  const { settings, ignored } = context.readAiSettings(parties)
  if (ignored.length > 0)
    context.log.warn({ code: 'ai_settings_ignored', client_id, ignored }, 'answered with defaults for these')

  const { provider = null, model = null, fallbacks = [], knowledge = true } = settings
  const route = context.models.route({ provider, model, fallbacks })
  // It searches by itself: that is all it does.
  const isOffline = route[0].provider === OFFLINE
  const search = knowledge && parties.knows && !isOffline ? boundedSearchOf(context) : null

  const shown: Passage[] = []
  const onFound = (passages: Passage[]) => void shown.push(...passages)
  const failed = new Map<string, number>()
  const onFailed = (name: string) => void failed.set(name, (failed.get(name) ?? 0) + 1)
  const { handOver } = context
  const offered = handOver !== undefined && (settings.handoff?.offered ?? HANDOFF_DEFAULTS.offered)
  const askForPerson = offered
    ? ({ reason, key }: { reason: string; key: string }) => handOver(to, { reason, key: `${turn}.${key}` })
    : null
  const given =
    (await context.clientCalls?.(
      claimed,
      tellCalls(context.publisher, to, turn),
      visitor,
      toolsRead(prompt),
    )) ??
    context.tools ??
    NO_TOOLS
  const tools = turnTools({ client_id, search, askForPerson, given, onFound, onFailed })
  const acts = tools.definitions.length > 0
  const asking = { client_id, settings, knows: search !== null, hands: offered, acts, at: new Date() }
  const composed = composeRequest(prompt, asking)
  const { request, messages, language, promptVersion } = composed
  const key = repeatableKey(prompt, { settings, route, composed, tools, searches: search !== null })
  const known = key === null ? null : await context.answers.find(key)
  const found = known ? null : search && (await lookUp(search, client_id, messages, signal))
  if (found) onFound(found.passages)
  const asked = { request, messages: [...messages, ...(found?.messages ?? [])], tools }
  const mayBeKept = known === null && found?.failed !== true
  return { route, asked, shown, failed, language, promptVersion, known, key: mayBeKept ? key : null }
}

function boundedSearchOf({ searchKnowledge, limits, log }: PreparingContext): SearchKnowledge | null {
  return searchKnowledge && boundedSearch(searchKnowledge, limits.knowledge, log)
}

/** The tools that brought something late which is read in this turn. */
function toolsRead({ messages }: TurnPrompt): string[] {
  return messages.flatMap((message) =>
    message.role === 'tool' ? message.results.map(({ name }) => name) : [],
  )
}
