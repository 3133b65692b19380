import {
  TRANSCRIPT_LIMITS,
  type ExportQuery,
  type ListedConversation,
  type TranscriptPage,
} from '../../../protocol/conversations.ts'
import type { Database } from '../../infra/database.ts'
import { listConversations } from '../list-conversations.ts'
import { presentListed } from '../listed-conversation.ts'
import { findListed } from '../read-conversation.ts'
import { readPage } from '../read-transcript.ts'
import { BYTE_ORDER_MARK, csvRow } from './csv.ts'
import { cellsOf, CSV_HEADER } from './csv-rows.ts'

/** Conversations that are read at a time. */
const AT_ONCE = 100

type Reading = Pick<Database, 'run'>

/**
 * The file of all conversations of a client that fit, or of all clients' where `scope` is null, piece by piece: no more
 * is read than was taken. Nothing of a conversation is held back but its turns, which follow its messages in JSON.
 */
export function exportConversations(
  database: Reading,
  scope: string | null,
  { format, ...query }: ExportQuery,
): AsyncGenerator<string, void> {
  const conversations = conversationsOf(database, scope, query)
  return format === 'csv' ? writeCsv(database, conversations) : writeJson(database, conversations)
}

async function* conversationsOf(
  database: Reading,
  scope: string | null,
  { conversation_id, ...filters }: Omit<ExportQuery, 'format'>,
): AsyncGenerator<ListedConversation, void> {
  if (conversation_id !== undefined) {
    const found = await findListed(database, { client_id: scope, conversation_id })
    if (found) yield presentListed(found)
    return
  }
  for (let after: string | undefined, more = true; more;) {
    const page = await listConversations(database, scope, {
      ...{ ...filters, limit: AT_ONCE },
      ...(after !== undefined && { after }),
    })
    yield* page.conversations
    after = page.next
    more = page.has_more
  }
}

async function* pagesOf(
  database: Reading,
  { id, started_at }: ListedConversation,
): AsyncGenerator<TranscriptPage, void> {
  const conversation = { id, started_at: new Date(started_at) }
  for (let after_seq = 0, more = true; more;) {
    const page = await readPage(database, conversation, { after_seq, limit: TRANSCRIPT_LIMITS.page })
    yield page
    after_seq = page.messages.at(-1)?.seq ?? after_seq
    more = page.has_more
  }
}

async function* writeCsv(
  database: Reading,
  conversations: AsyncIterable<ListedConversation>,
): AsyncGenerator<string, void> {
  yield BYTE_ORDER_MARK + csvRow(CSV_HEADER)
  for await (const conversation of conversations) {
    for await (const { messages, turns } of pagesOf(database, conversation)) {
      const byNumber = new Map(turns.map((turn) => [turn.number, turn]))
      const rows = messages.map((message) =>
        csvRow(cellsOf({ conversation, message, turn: byNumber.get(message.turn ?? 0) })),
      )
      yield rows.join('')
    }
  }
}

async function* writeJson(
  database: Reading,
  conversations: AsyncIterable<ListedConversation>,
): AsyncGenerator<string, void> {
  let before = '[\n'
  for await (const conversation of conversations) {
    yield `${before}${JSON.stringify(conversation).slice(0, -1)},"messages":[`
    const turns = new Map<number, string>()
    let between = ''
    for await (const page of pagesOf(database, conversation)) {
      for (const turn of page.turns) turns.set(turn.number, JSON.stringify(turn))
      if (page.messages.length === 0) continue
      yield between + page.messages.map((message) => JSON.stringify(message)).join(',')
      between = ','
    }
    yield `],"turns":[${[...turns.values()].join(',')}]}`
    before = ',\n'
  }
  yield before === '[\n' ? '[]\n' : '\n]\n'
}
