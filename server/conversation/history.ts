import { WIRE_LIMITS } from '../../protocol/limits.ts'
import type { HistoryPage, HistoryQuery } from '../../protocol/rest.ts'
import type { Database, Statement } from '../infra/database.ts'
import { presentMessage } from './present.ts'
import { MESSAGE_COLUMNS, type ConversationRow, type MessageRow } from './rows.ts'

/** Messages never lie before their conversation's start: the bound keeps old partitions out of the reading. */
const IN_CONVERSATION = `conversation_id = $1::uuid AND "timestamp" >= $2::timestamptz`

/** $1 conversation $2 its start $3 earlier than this seq $4 how many */
const BEFORE: Statement = {
  name: 'conversation/messages-before',
  text: `SELECT ${MESSAGE_COLUMNS} FROM messages WHERE ${IN_CONVERSATION} AND seq < $3::int ORDER BY seq DESC LIMIT $4::int`,
}

/** $1 conversation $2 its start $3 later than this seq $4 how many */
const AFTER: Statement = {
  name: 'conversation/messages-after',
  text: `SELECT ${MESSAGE_COLUMNS} FROM messages WHERE ${IN_CONVERSATION} AND seq > $3::int ORDER BY seq LIMIT $4::int`,
}

const LAST_SEQ = 2_147_483_647

/**
 * A page of a conversation in the order of `seq`: after a seq, before a seq, or the newest. `has_more` says that
 * messages remain in the direction of reading.
 */
export async function readHistory(
  database: Database,
  conversation: ConversationRow,
  query: HistoryQuery,
): Promise<HistoryPage> {
  const limit = query.limit ?? WIRE_LIMITS.historyDefault
  const forwards = query.after_seq !== undefined
  const from = query.after_seq ?? query.before_seq ?? LAST_SEQ
  const values = [conversation.id, conversation.started_at, from, limit + 1]
  const rows = await database.run<MessageRow>(forwards ? AFTER : BEFORE, values)
  const page = rows.slice(0, limit)
  if (!forwards) page.reverse()
  return { messages: page.map(presentMessage), has_more: rows.length > limit }
}
