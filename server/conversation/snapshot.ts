import type { Conversation, RunningReply } from '../../protocol/records.ts'
import type { HistoryQuery } from '../../protocol/rest.ts'
import type { ToolConfirm } from '../../protocol/widget.ts'
import { waitingQuestions } from '../tools/turn/confirm/waiting.ts'
import type { ConversationContext } from './context.ts'
import type { TranscriptCursor } from './conversations.ts'
import type { Database } from '../infra/database.ts'
import type { ConversationRow } from './rows.ts'

/**
 * The durable part of what a copy that ends at `cursor` lacks of a conversation, as `readPage` shows it. Where its reply runs on another node,
 * that is asked to tell it here.
 */
export async function readMissing<Page>(
  { database, turns, others }: ConversationContext,
  row: ConversationRow,
  cursor: TranscriptCursor,
  readPage: (database: Database, row: ConversationRow, query: HistoryQuery) => Promise<Page>,
): Promise<Page & { confirming: ToolConfirm[] }> {
  const { last_seq } = cursor
  const continues = last_seq !== undefined && sameConversation(cursor, row.id)
  const page = await readPage(database, row, continues ? { after_seq: last_seq } : {})
  if (row.turn_open && !turns.reply(row.id))
    others.ask({ client_id: row.client_id, session_id: row.session_id, conversation_id: row.id })
  return { ...page, confirming: row.turn_open ? await waitingQuestions(database, row.id) : [] }
}

/** The reply that runs, here or as far as it was heard here, from the cursor's offset where it speaks of that reply. */
export function runningReply(
  { turns, others }: ConversationContext,
  conversation: Pick<Conversation, 'id' | 'session_id'>,
  cursor: TranscriptCursor,
): RunningReply | undefined {
  const reply = sameConversation(cursor, conversation.id) ? cursor.reply : undefined
  const running = turns.reply(conversation.id)
  if (running) return running.snapshot(reply)
  return others.reply({ session_id: conversation.session_id, conversation_id: conversation.id }, reply)
}

/** A cursor that names no conversation speaks of the current one. */
function sameConversation(cursor: TranscriptCursor, id: string): boolean {
  return cursor.conversation_id === undefined || cursor.conversation_id === id
}
