import type { Message } from '../../protocol/records.ts'
import type { Database, Statement } from '../infra/database.ts'
import { presentMessage } from './present.ts'
import type { Address } from './publisher.ts'
import type { MessageRow } from './rows.ts'

/** Messages at most that are told of one moment: more is left to the visitors' own questions. */
const MOST = 5_000

/** $1 sessions $2 since when $3 how many */
const SINCE: Statement = {
  name: 'conversation/messages-since',
  text: `
    SELECT c.client_id, c.session_id, c.id AS conversation_id, m.id, m.seq, m.role, m.content, m."timestamp",
      m.client_message_id, m.author, m.turn, m.answers_to, m.status, m.sources
    FROM conversations c JOIN messages m ON m.conversation_id = c.id AND m."timestamp" >= $2::timestamptz
    WHERE c.session_id = ANY($1::uuid[]) AND c.last_at >= $2::timestamptz
    ORDER BY c.id, m.seq LIMIT $3::int`,
}

/** What was saved in these sessions since then, in the order of each conversation. */
export async function readMessagesSince(
  database: Pick<Database, 'run'>,
  sessionIds: readonly string[],
  since: Date,
): Promise<{ to: Address; message: Message }[]> {
  if (sessionIds.length === 0) return []
  const rows = await database.run<MessageRow & Address>(SINCE, [sessionIds, since, MOST])
  return rows.map((row) => {
    const { client_id, session_id, conversation_id } = row
    return { to: { client_id, session_id, conversation_id }, message: presentMessage(row) }
  })
}
