import type { Role } from '../../protocol/records.ts'
import type { Database, Statement } from '../infra/database.ts'
import type { ModelWishes } from '../llm/models.ts'
import type { ModelMessage } from '../llm/provider.ts'
import type { ClaimedTurn } from './claim.ts'

/** What a model is asked about: the business, and the conversation as it stood at one moment. */
export interface TurnPrompt {
  business: { name: string }
  wishes: ModelWishes
  locale: string | null
  messages: ModelMessage[]
  /** The last visitor message among them. */
  answersTo: number
}

interface BusinessRow {
  name: string
  provider: string | null
  model: string | null
  locale: string | null
}

interface SpokenRow {
  seq: number
  place: number
  role: Role
  content: string
}

const BUSINESS: Statement = {
  name: 'conversation/business',
  text: `
    SELECT c.name, c.provider, c.model, coalesce(v.locale, c.locale) AS locale
    FROM conversations v JOIN clients c ON c.id = v.client_id WHERE v.id = $1::uuid`,
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
  const [[business], spoken] = await Promise.all([
    database.run<BusinessRow>(BUSINESS, [id]),
    database.run<SpokenRow>(SPOKEN, [id, limit, bound]),
  ])
  if (!business) throw new Error(`Conversation ${id} has a turn but no row`)
  return {
    business: { name: business.name },
    wishes: { provider: business.provider, model: business.model, fallbacks: [] },
    locale: business.locale,
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
