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
  database: Pick<Database, 'run'>,
  conversation: Read,
  query: HistoryQuery,
): Promise<HistoryPage> {
  const found = await database.run<MessageRow>(...asked(SEEN, conversation, query))
  const { rows, has_more } = pageOf(found, query)
  return { messages: rows.map(presentMessage), has_more }
}

/** The same with what only the people of the business may read. */
export async function readWatchedHistory(
  database: Pick<Database, 'run'>,
  conversation: Read,
  query: HistoryQuery,
): Promise<WatchedPage> {
  const found = await database.run<WatchedRow>(...asked(WATCHED, conversation, query))
  const { rows, has_more } = pageOf(found, query)
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
      text: `SELECT ${columns} FROM all_messages WHERE ${IN_CONVERSATION} AND seq < $3::int ORDER BY seq DESC LIMIT $4::int`,
    },
    after: {
      name: `conversation/${name}-after`,
      text: `SELECT ${columns} FROM all_messages WHERE ${IN_CONVERSATION} AND seq > $3::int ORDER BY seq LIMIT $4::int`,
    },
  }
}

const LAST_SEQ = 2_147_483_647

function asked({ before, after }: Statements, { id, started_at }: Read, query: HistoryQuery): Asked {
  const from = query.after_seq ?? query.before_seq ?? LAST_SEQ
  const statement = query.after_seq === undefined ? before : after
  return [statement, [id, started_at, from, lengthOf(query) + 1]]
}

type Asked = [Statement, unknown[]]

/** One more was asked for than is told. */
function pageOf<Row>(found: Row[], query: HistoryQuery): { rows: Row[]; has_more: boolean } {
  const rows = found.slice(0, lengthOf(query))
  if (query.after_seq === undefined) rows.reverse()
  return { rows, has_more: found.length > rows.length }
}

function lengthOf({ limit = WIRE_LIMITS.historyDefault }: HistoryQuery): number {
  return limit
}
