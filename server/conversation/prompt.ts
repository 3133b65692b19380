import type { Role } from '../../protocol/records.ts'
import type { Database, Statement } from '../infra/database.ts'
import type { ModelMessage } from '../llm/provider.ts'
import type { ClaimedTurn } from './claim.ts'

/** A client and its visitor as a turn reads them: unchecked, in one row. */
export interface TurnParties {
  name: string
  domain: string | null
  business_info: unknown
  provider: string | null
  model: string | null
  /** `settings.ai`. */
  ai: unknown
  /** Whether there is anything in the client's knowledge. */
  knows: boolean
  visitor_name: string | null
  visitor_attributes: unknown
  /** What the visitor's browser, else the client, speaks. */
  locale: string | null
}

/** What a model is asked about: who speaks with whom, and the conversation as it stood at one moment. */
export interface TurnPrompt {
  parties: TurnParties
  messages: ModelMessage[]
  /** The last visitor message among them. */
  answersTo: number
}

interface SpokenRow {
  seq: number
  place: number
  role: Role
  content: string
}

const PARTIES: Statement = {
  name: 'conversation/parties',
  text: `
    SELECT c.name, c.domain, c.business_info, c.provider, c.model, c.settings->'ai' AS ai,
      EXISTS (SELECT FROM knowledge_chunks k WHERE k.client_id = c.id) AS knows,
      p.name AS visitor_name, p.attributes AS visitor_attributes, coalesce(v.locale, c.locale) AS locale
    FROM conversations v JOIN clients c ON c.id = v.client_id
      JOIN sessions s ON s.id = v.session_id JOIN visitors p ON p.id = s.visitor_id
    WHERE v.id = $1::uuid`,
}

/** $1 conversation $2 how many $3 no visitor message later than this, or null. Bounded in time, for the partitions. */
const SPOKEN: Statement = {
  name: 'conversation/spoken',
  text: `
    SELECT seq, coalesce(answers_to, seq) AS place, role, content FROM messages
    WHERE conversation_id = $1::uuid AND "timestamp" >= (SELECT started_at FROM conversations WHERE id = $1::uuid)
      AND role <> 'system' AND content <> '' AND ($3::int IS NULL OR coalesce(answers_to, seq) <= $3::int)
    ORDER BY seq DESC LIMIT $2::int`,
}

/**
 * Reads what the model is to be asked, in statements after the claim. `bound` keeps a replayed turn to the messages
 * that its stored steps were about.
 */
export async function readPrompt(
  database: Database,
  turn: ClaimedTurn,
  limit: number,
  bound: number | null,
): Promise<TurnPrompt> {
  const id = turn.to.conversation_id
  const [[parties], spoken] = await Promise.all([
    database.run<TurnParties>(PARTIES, [id]),
    database.run<SpokenRow>(SPOKEN, [id, limit, bound]),
  ])
  if (!parties) throw new Error(`Conversation ${id} has a turn but no row`)
  return {
    parties,
    messages: spoken.sort(byPlace).map(asModelMessage),
    answersTo: spoken.reduce((last, row) => (row.role === 'user' ? Math.max(last, row.seq) : last), 0),
  }
}

function byPlace(a: SpokenRow, b: SpokenRow): number {
  return a.place - b.place || a.seq - b.seq
}

function asModelMessage(row: SpokenRow): ModelMessage {
  return { role: row.role === 'user' ? 'user' : 'assistant', text: row.content }
}
