import type { AdminData } from '../../protocol/admin.ts'
import { WIRE_LIMITS } from '../../protocol/limits.ts'
import type { HistoryPage, HistoryQuery } from '../../protocol/rest.ts'
import type { Database, Statement } from '../infra/database.ts'
import { presentMessage, presentWatched } from './present.ts'
import {
  MESSAGE_COLUMNS,
  WATCHED_COLUMNS,
  type ConversationRow,
  type MessageRow,
  type WatchedRow,
} from './rows.ts'

/** The conversation that is read. */
type Read = Pick<ConversationRow, 'id' | 'started_at'>

/** A page as the people of the business see it. */
export type WatchedPage = AdminData<'history:load'>

/**
 * A page of a conversation in the order of `seq`: after a seq, before a seq, or the newest. `has_more` says that
 * messages remain in the direction of reading.
 */
export async function readHistory(
  database: Database,
  conversation: Read,
  query: HistoryQuery,
): Promise<HistoryPage> {
  const { rows, has_more } = await read<MessageRow>(database, SEEN, conversation, query)
  return { messages: rows.map(presentMessage), has_more }
}

/** The same with what only the people of the business may read. */
export async function readWatchedHistory(
  database: Database,
  conversation: Read,
  query: HistoryQuery,
): Promise<WatchedPage> {
  const { rows, has_more } = await read<WatchedRow>(database, WATCHED, conversation, query)
  return { messages: rows.map(presentWatched), has_more }
}

/** Messages never lie before their conversation's start: the bound keeps old partitions out of the reading. */
const IN_CONVERSATION = `conversation_id = $1::uuid AND "timestamp" >= $2::timestamptz`

/** $1 conversation $2 its start $3 earlier, or later, than this seq $4 how many */
interface Statements {
  before: Statement
  after: Statement
}

const SEEN = statements('messages', MESSAGE_COLUMNS)
const WATCHED = statements('watched', WATCHED_COLUMNS)

function statements(name: string, columns: string): Statements {
  return {
    before: {
      name: `conversation/${name}-before`,
      text: `SELECT ${columns} FROM messages WHERE ${IN_CONVERSATION} AND seq < $3::int ORDER BY seq DESC LIMIT $4::int`,
    },
    after: {
      name: `conversation/${name}-after`,
      text: `SELECT ${columns} FROM messages WHERE ${IN_CONVERSATION} AND seq > $3::int ORDER BY seq LIMIT $4::int`,
    },
  }
}

const LAST_SEQ = 2_147_483_647

async function read<Row extends MessageRow>(
  database: Database,
  { before, after }: Statements,
  { id, started_at }: Read,
  query: HistoryQuery,
): Promise<{ rows: Row[]; has_more: boolean }> {
  const limit = query.limit ?? WIRE_LIMITS.historyDefault
  const forwards = query.after_seq !== undefined
  const from = query.after_seq ?? query.before_seq ?? LAST_SEQ
  const found = await database.run<Row>(forwards ? after : before, [id, started_at, from, limit + 1])
  const rows = found.slice(0, limit)
  if (!forwards) rows.reverse()
  return { rows, has_more: found.length > limit }
}
