import { SUMMARY_VERSION, summaryRequest, type Said } from '../agent/prompts/summary.ts'
import type { AiSettingsReader } from '../clients/read-ai-settings.ts'
import type { Database, Statement } from '../infra/database.ts'
import { withoutTemplateTokens } from '../infra/template-tokens.ts'
import { visibleText } from '../infra/visible-text.ts'
import type { ModelCall, Models, NamedModel } from '../llm/models.ts'
import type { ModelAnswer, ModelParameters } from '../llm/provider.ts'
import { estimateTokens } from '../llm/tokens.ts'
import { foldable, type Weighed } from './fold.ts'
import type { MemoryLimits } from './memory-limits.ts'
import { readParties } from './prompt.ts'
import { saveSummary } from './save-summary.ts'
import { cutAtSentence, shortenMiddle } from './shorten.ts'
import { inPlace, SPOKEN_COLUMNS, SPOKEN_IN_CONVERSATION, type Spoken } from './spoken.ts'

export interface SummingContext {
  database: Database
  models: Models
  memory: MemoryLimits
  readAiSettings: AiSettingsReader
}

/** An ended turn of a conversation: the one that is charged. */
export interface EndedTurnOf {
  conversationId: string
  turn: number
}

/**
 * What one go came to. `done`: nothing is to be summed up now. `overtaken`: somebody else has done it, or it must not
 * be done any more. `empty`, `refused`: the model gave no summary.
 */
export type Summed = 'saved' | 'done' | 'overtaken' | 'empty' | 'refused'

interface UnsummedRow {
  client_id: string
  summary: string | null
  summary_seq: number
  settled: number
  spoken: Spoken[]
}

/** Messages looked at in one go. */
const LOOKED_AT = 200

/** What was said after the summary, the oldest of it, and how far nothing is to be answered any more. $1 conversation $2 how many */
const UNSUMMED: Statement = {
  name: 'conversation/unsummed',
  text: `
    SELECT v.client_id, v.summary, v.summary_seq, greatest(v.answered_seq, v.agent_seq) AS settled, m.spoken
    FROM conversations v CROSS JOIN LATERAL (
      SELECT coalesce(jsonb_agg(oldest), '[]') AS spoken FROM (
        SELECT ${SPOKEN_COLUMNS} FROM messages WHERE ${SPOKEN_IN_CONVERSATION} AND seq > v.summary_seq
        ORDER BY seq LIMIT $2::int
      ) AS oldest
    ) AS m
    WHERE v.id = $1::uuid AND v.state <> 'ended'`,
}

/**
 * Sums the oldest messages of a conversation up, one call of the cheapest model, where it is time to. Whatever was
 * spent is charged, also where nothing came of it. Rejects as `Models.ask` does, and with `DatabaseUnavailable`.
 */
export async function sumUp(
  context: SummingContext,
  { conversationId, turn }: EndedTurnOf,
  signal: AbortSignal,
): Promise<Summed> {
  const { database, models, memory, readAiSettings } = context
  const { settings } = readAiSettings(await readParties(database, conversationId))
  const { provider = null, model = null, fallbacks = [] } = settings
  const small = models.small(models.route({ provider, model, fallbacks }))
  if (!small) return 'done'
  const [row] = await database.run<UnsummedRow>(UNSUMMED, [conversationId, LOOKED_AT])
  const fold = row && foldable(weigh(row.spoken, memory), row.settled, memory)
  if (!fold) return 'done'

  signal.throwIfAborted()
  const spent: ModelCall[] = []
  const asked = askFor(row, fold.messages)
  const [found] = await Promise.allSettled([ask(models, small, asked, spent, signal)])
  const text = found.status === 'fulfilled' ? textOf(found.value, memory) : ''
  const summary = text === '' ? null : { text, upTo: fold.upTo }
  const charge = { from: row.summary_seq, turn, spent, version: SUMMARY_VERSION }
  const isKept = summary !== null || spent.length > 0
  const saved = isKept && (await saveSummary(database, conversationId, { ...charge, summary }))
  if (found.status === 'rejected') throw found.reason
  if (summary === null) return found.value.stop === 'refusal' ? 'refused' : 'empty'
  return saved ? 'saved' : 'overtaken'
}

function weigh(spoken: readonly Spoken[], { message }: MemoryLimits): Weighed[] {
  return spoken.map((one) => {
    const content = shortenMiddle(withoutTemplateTokens(visibleText(one.content)), message)
    return { ...one, content, tokens: estimateTokens(content) }
  })
}

type Request = Parameters<Models['ask']>[1]

function askFor({ client_id, summary }: UnsummedRow, messages: readonly Weighed[]): Request {
  const said = inPlace(messages).map(({ role, content, call }): Said => ({
    by: SPEAKERS[role],
    text: call ? `${call.tool}: ${content}` : content,
  }))
  return { client_id, ...summaryRequest(summary, said), tools: [], mayCall: false, parameters: PARAMETERS }
}

const SPEAKERS = {
  user: 'visitor',
  assistant: 'assistant',
  agent: 'agent',
  system: 'agent',
  tool: 'tool',
} as const

/** Thinking is part of the output: a bound as tight as the summary's would leave nothing for it. */
const PARAMETERS: ModelParameters = { max_output_tokens: 2_500, effort: 'low' }

function ask(
  models: Models,
  small: NamedModel,
  request: Request,
  spent: ModelCall[],
  signal: AbortSignal,
): Promise<ModelAnswer> {
  const hearing = { text: () => undefined, spent: (call: ModelCall) => void spent.push(call) }
  return models.ask([small], request, hearing, signal)
}

/** Empty where the model gave no summary. */
function textOf({ text, stop }: ModelAnswer, { summary }: MemoryLimits): string {
  return stop === 'refusal' ? '' : cutAtSentence(visibleText(text), summary)
}
