import type { ConversationTold } from '../../protocol/conversations.ts'
import type { WatchedPlace } from '../conversation/find-conversation.ts'
import type { Database, Statement } from '../infra/database.ts'
import { LISTED_COLUMNS, presentListed, type ListedRow } from './listed-conversation.ts'

type Visitor = ConversationTold['visitor']

interface VisitorRow {
  id: string
  user_identifier: string | null
  proven: boolean
  name: string | null
  email: string | null
  attributes: Visitor['attributes']
  locale: string | null
  created_at: Date
  last_seen_at: Date
  conversation_count: number
}

interface RatingRow {
  subject: 'ai' | 'agent'
  score: number
  comment: string | null
  created_at: Date
}

/** $1 conversation $2 client, or null for any */
const FIND: Statement = {
  name: 'desk/find-conversation',
  text: `
    SELECT ${LISTED_COLUMNS} FROM conversations
    WHERE id = $1::uuid AND ($2::uuid IS NULL OR client_id = $2::uuid)`,
}

/** $1 visitor */
const VISITOR: Statement = {
  name: 'desk/read-visitor',
  text: `
    SELECT id, user_identifier, proven, name, email, attributes, locale, created_at, last_seen_at,
      (SELECT count(*)::int FROM sessions s JOIN conversations c ON c.session_id = s.id WHERE s.visitor_id = visitors.id)
        AS conversation_count
    FROM visitors WHERE id = $1::uuid`,
}

/** $1 conversation */
const RATINGS: Statement = {
  name: 'desk/read-ratings',
  text: `SELECT subject, score, comment, created_at FROM ratings WHERE conversation_id = $1::uuid ORDER BY created_at, subject`,
}

/** The row of a conversation that is found through its client. Null where this client has no such conversation. */
export async function findListed(
  database: Pick<Database, 'run'>,
  { client_id, conversation_id }: WatchedPlace,
): Promise<ListedRow | null> {
  const [row] = await database.run<ListedRow>(FIND, [conversation_id, client_id])
  return row ?? null
}

/** The conversation with who wrote it and how it was rated. Null as for `findListed`. */
export async function readConversation(
  database: Pick<Database, 'run'>,
  place: WatchedPlace,
): Promise<ConversationTold | null> {
  const row = await findListed(database, place)
  if (row === null) return null
  const [visitor] = await database.run<VisitorRow>(VISITOR, [row.visitor.id])
  if (!visitor) return null
  const ratings = await database.run<RatingRow>(RATINGS, [row.id])
  return {
    conversation: presentListed(row),
    visitor: presentVisitor(visitor),
    ratings: ratings.map(({ comment, created_at, ...rating }) => ({
      ...{ ...rating, created_at: created_at.toISOString() },
      ...(comment !== null && { comment }),
    })),
  }
}

function presentVisitor(row: VisitorRow): Visitor {
  const { id, user_identifier, proven, name, email, attributes, locale, conversation_count } = row
  return {
    ...{ id, proven, attributes, conversation_count },
    created_at: row.created_at.toISOString(),
    last_seen_at: row.last_seen_at.toISOString(),
    ...(user_identifier !== null && { user_identifier }),
    ...(name !== null && { name }),
    ...(email !== null && { email }),
    ...(locale !== null && { locale }),
  }
}
