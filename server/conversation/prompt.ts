import type { HandoffState } from '../../protocol/records.ts'
import type { Database, Statement } from '../infra/database.ts'
import type { ModelMessage } from '../llm/provider.ts'
import type { ClaimedTurn } from './claim.ts'
import type { ContextCache } from './context-cache.ts'
import { estimateTokens } from '../llm/tokens.ts'
import type { Extent, MemoryLimits } from './memory-limits.ts'
import { readMemory } from './memory.ts'
import { isToAnswer, type Spoken } from './spoken.ts'
import type { StoredStep } from './steps.ts'
import { transcriptOf } from './transcript.ts'

/** A client and its visitor as a turn reads them: unchecked, in one row. */
export interface TurnParties {
  name: string
  domain: string | null
  /** What the widget calls the assistant. */
  assistant: string | null
  business_info: unknown
  provider: string | null
  model: string | null
  /** `settings.ai`. */
  ai: unknown
  /** Whether there is anything in the client's knowledge, and which version it is. */
  knows: boolean
  knowledge_version: number
  /** Nobody has said who the visitor is. */
  anonymous: boolean
  visitor_name: string | null
  /** What the client vouches for. */
  visitor_attributes: unknown
  /** What the page tells of visitor and conversation, and nobody has proved. */
  visitor_claims: unknown
  conversation_claims: unknown
  /** What the visitor's browser, else the client, speaks. */
  locale: string | null
  handoff: HandoffState
  /** Somebody of the business tries the AI. */
  is_test: boolean
}

/** What a model is asked about: who speaks with whom, and the conversation as it stood at one moment. */
export interface TurnPrompt {
  parties: TurnParties
  /** What was said before the messages, summed up; null where nothing was yet. */
  summary: string | null
  messages: ModelMessage[]
  /** What stands after the summary, with what did not fit. */
  stands: Extent
  /** The last visitor message among them, or result that a tool brought late. */
  answersTo: number
  /** The conversation's first message, where it is all that was said so far. */
  opening: string | null
}

const PARTIES: Statement = {
  name: 'conversation/parties',
  text: `
    SELECT c.name, c.domain, c.branding->>'agent_name' AS assistant, c.business_info, c.provider, c.model, c.settings->'ai' AS ai,
      EXISTS (SELECT FROM knowledge_chunks k WHERE k.client_id = c.id) AS knows, c.knowledge_version,
      v.user_identifier IS NULL AND p.user_identifier IS NULL AND p.name IS NULL AND p.email IS NULL
        AND p.attributes = '{}' AND s.attributes = '{}' AND v.attributes = '{}' AS anonymous,
      p.name AS visitor_name, p.attributes AS visitor_attributes, s.attributes AS visitor_claims,
      v.attributes AS conversation_claims, coalesce(v.locale, c.locale) AS locale, v.handoff, v.is_test
    FROM conversations v JOIN clients c ON c.id = v.client_id
      JOIN sessions s ON s.id = v.session_id JOIN visitors p ON p.id = s.visitor_id
    WHERE v.id = $1::uuid`,
}

/** What reading needs. */
export interface ReadingContext {
  database: Database
  contexts: ContextCache
  memory: MemoryLimits
}

/**
 * Reads what the model is to be asked, in statements after the claim. A turn with stored steps reads nothing that came
 * after what these were about, and they take their part of what may be read.
 */
export async function readPrompt(
  context: ReadingContext,
  { to }: Pick<ClaimedTurn, 'to'>,
  stored: readonly StoredStep[],
): Promise<TurnPrompt> {
  const { database, memory } = context
  const bound = stored.at(-1)?.answersTo ?? null
  const [parties, { summary, spoken }] = await Promise.all([
    readParties(database, to.conversation_id),
    readMemory(context, to, { most: memory.read.messages, bound }),
  ])
  const reserved = stored.length === 0 ? 0 : estimateTokens(JSON.stringify(stored))
  return {
    parties,
    summary,
    ...transcriptOf(spoken, memory, reserved),
    opening: stored.length === 0 ? openingOf(spoken) : null,
    answersTo: Math.max(0, ...spoken.filter(isToAnswer).map(({ seq }) => seq)),
  }
}

function openingOf(spoken: readonly Spoken[]): string | null {
  const [first, ...others] = spoken
  return first?.role === 'user' && first.seq === 1 && others.length === 0 ? first.content : null
}

/** Who speaks with whom. */
export async function readParties(database: Database, conversationId: string): Promise<TurnParties> {
  const [parties] = await database.run<TurnParties>(PARTIES, [conversationId])
  if (!parties) throw new Error(`Conversation ${conversationId} has a turn but no row`)
  return parties
}
