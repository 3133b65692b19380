import type { ConversationsPage, ConversationsQuery } from '../../protocol/conversations.ts'
import type { Database, Statement } from '../infra/database.ts'
import { LISTED_COLUMNS, presentListed, type ListedRow } from './listed-conversation.ts'

/** Conversations of a page where no number is asked. */
const PAGE = 50

/** Conversations that one page of a search looks through at most: then it says where to go on. */
const LOOKED_THROUGH = 20_000

/** A page of the conversations of a client, or of all where `scope` is null: those that fit, begun last first. */
export async function listConversations(
  database: Pick<Database, 'run'>,
  scope: string | null,
  { search, limit = PAGE, ...query }: ConversationsQuery,
  lookedThrough = LOOKED_THROUGH,
): Promise<ConversationsPage> {
  const values = [scope, ...filtersOf(query)]
  const statements = scope === null ? OF_ALL : OF_CLIENT
  const rows =
    search === undefined
      ? await database.run<ListedRow>(statements.list, [...values, limit + 1])
      : await database.run<ListedRow>(statements.search, [
          ...[...values, limit + 1],
          ...[patternOf(search), lookedThrough],
        ])
  const conversations = rows.slice(0, limit).map((row) => presentListed(row, search))
  const last = conversations.at(-1)
  if (rows.length > limit && last) return { conversations, has_more: true, next: last.id }
  if (search === undefined) return { conversations, has_more: false }
  const [end] = await database.run<{ id: string }>(statements.end, [...values, lookedThrough - 1])
  return end ? { conversations, has_more: true, next: end.id } : { conversations, has_more: false }
}

function filtersOf(query: Omit<ConversationsQuery, 'client_id' | 'search' | 'limit'>): unknown[] {
  return [
    query.visitor_id ?? null,
    query.state ?? null,
    query.channel ?? null,
    query.handoff ?? null,
    query.rating_from ?? null,
    query.rating_to ?? null,
    query.from ?? null,
    query.until ?? null,
    query.test ?? null,
    query.after ?? null,
  ]
}

/** For ILIKE: the text itself, wherever it stands. */
function patternOf(search: string): string {
  return `%${search.replaceAll(/[\\%_]/g, '\\$&')}%`
}

/** $2 visitor $3 state $4 channel $5 handoff $6 $7 ratings $8 from $9 until $10 tests $11 after which one; null: any */
const FITS = `
  ($2::uuid IS NULL OR session_id IN (SELECT s.id FROM sessions s WHERE s.visitor_id = $2::uuid))
  AND ($3::text IS NULL OR state = $3 OR $3 = 'open' AND state <> 'ended')
  AND ($4::text IS NULL OR channel = $4)
  AND ($5::text IS NULL OR handoff = $5)
  AND ($6::int IS NULL OR rating >= $6::int)
  AND ($7::int IS NULL OR rating <= $7::int)
  AND ($8::timestamptz IS NULL OR started_at >= $8::timestamptz)
  AND ($9::timestamptz IS NULL OR started_at < $9::timestamptz)
  AND ($10::text = 'too' OR is_test = ($10::text IS NOT NULL))
  AND ($11::uuid IS NULL
    OR (started_at, id) < (SELECT a.started_at, a.id FROM conversations a WHERE a.id = $11::uuid))`

const NEWEST_FIRST = 'ORDER BY started_at DESC, id DESC'

/** The visitor is called so. */
const NAMED = `EXISTS (
  SELECT FROM sessions s JOIN visitors p ON p.id = s.visitor_id
  WHERE s.id = l.session_id AND concat_ws(' ', p.user_identifier, p.name, p.email) ILIKE $13)`

/** The visitor left such an address, or name. */
const REACHED = `EXISTS (
  SELECT FROM contacts k WHERE k.conversation_id = l.id AND concat_ws(' ', k.email, k.name) ILIKE $13)`

interface Statements {
  /** $12 how many */
  list: Statement
  /** $12 how many $13 pattern $14 how many are looked through */
  search: Statement
  /** The last one that a search has looked through; none where nothing follows it. $12 how many come before it */
  end: Statement
}

const OF_CLIENT = statementsOf('client', 'client_id = $1::uuid')
const OF_ALL = statementsOf('all', '$1::uuid IS NULL')

/**
 * A search looks into the messages of one conversation after the other, and only as far as the page asks: from the
 * conversation's first moment to its last, which leaves other partitions out.
 */
function statementsOf(name: string, whose: string): Statements {
  const where = `WHERE ${whose} AND ${FITS} ${NEWEST_FIRST}`
  return {
    list: {
      name: `desk/list-conversations-of-${name}`,
      text: `SELECT ${LISTED_COLUMNS} FROM conversations ${where} LIMIT $12::int`,
    },
    search: {
      name: `desk/search-conversations-of-${name}`,
      text: `
        WITH looked AS (
          SELECT id, session_id, started_at, last_at FROM conversations ${where} LIMIT $14::int
        ), found AS (
          SELECT l.id AS found_id, m.seq AS match_seq, m.content AS match_content
          FROM looked l LEFT JOIN LATERAL (
            SELECT m.seq, m.content FROM messages m
            WHERE m.conversation_id = l.id AND m."timestamp" BETWEEN l.started_at AND l.last_at AND m.content ILIKE $13
            ORDER BY m.seq DESC LIMIT 1
          ) m ON true
          WHERE m.seq IS NOT NULL OR ${NAMED} OR ${REACHED}
          ORDER BY l.started_at DESC, l.id DESC LIMIT $12::int
        )
        SELECT ${LISTED_COLUMNS}, match_seq, match_content FROM conversations JOIN found ON found_id = id
        ${NEWEST_FIRST}`,
    },
    end: {
      name: `desk/search-end-of-${name}`,
      text: `SELECT id FROM conversations ${where} LIMIT 1 OFFSET $12::int`,
    },
  }
}
