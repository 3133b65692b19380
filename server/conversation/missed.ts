import type { WatchedMessage } from '../../protocol/admin.ts'
import type { Message } from '../../protocol/records.ts'
import type { Database, Statement } from '../infra/database.ts'
import { presentMessage, presentWatched } from './present.ts'
import type { Address } from './publisher.ts'
import type { WatchedRow } from './rows.ts'

/** Messages at most that are told of one moment: more is left to the visitors' own questions. */
const MOST = 5_000

/** Stable within a statement, so that older partitions are left out. */
const SINCE = `now() - $2::int * interval '1 millisecond'`

/** $1 sessions $2 how many milliseconds back, by the database's clock $3 how many */
const WITHIN: Statement = {
  name: 'conversation/messages-within',
  text: `
    SELECT c.client_id, c.session_id, c.id AS conversation_id, m.id, m.seq, m.role, m.content, m."timestamp",
      m.client_message_id, m.author, m.turn, m.answers_to, m.status, m.sources, m.result
    FROM conversations c JOIN messages m ON m.conversation_id = c.id
    WHERE c.session_id = ANY($1::uuid[]) AND c.last_at >= ${SINCE} AND m."timestamp" >= ${SINCE}
    ORDER BY c.id, m.seq LIMIT $3::int`,
}

/** A message that was saved, as its visitor and as the people of the business see it. */
export interface SavedMessage {
  to: Address
  message: Message
  watched: WatchedMessage
}

/** What was saved in these sessions so many milliseconds ago or later, in the order of each conversation. */
export async function readMessagesWithin(
  database: Pick<Database, 'run'>,
  sessionIds: readonly string[],
  ms: number,
): Promise<SavedMessage[]> {
  if (sessionIds.length === 0) return []
  const rows = await database.run<WatchedRow & Address>(WITHIN, [sessionIds, ms, MOST])
  return rows.map((row) => {
    const { client_id, session_id, conversation_id } = row
    const to = { client_id, session_id, conversation_id }
    return { to, message: presentMessage(row), watched: presentWatched(row) }
  })
}
