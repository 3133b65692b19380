import { TRANSCRIPT_LIMITS, type TranscriptPage, type TranscriptQuery } from '../../protocol/conversations.ts'
import { findConversation, type WatchedPlace } from '../conversation/find-conversation.ts'
import { readWatchedHistory } from '../conversation/history.ts'
import type { Database } from '../infra/database.ts'
import { readTurns } from './read-turns.ts'

/**
 * A page of a conversation as it went: what was said, and what each answer took. The page that ends with the newest
 * message has the turn that is not ended, too. Null where this client has no such conversation.
 */
export async function readTranscript(
  database: Pick<Database, 'run'>,
  place: WatchedPlace,
  query: TranscriptQuery,
): Promise<TranscriptPage | null> {
  const conversation = await findConversation(database, place)
  return conversation && readPage(database, conversation, query)
}

/** The same of a conversation that was found before. */
export async function readPage(
  database: Pick<Database, 'run'>,
  conversation: { id: string; started_at: Date },
  query: TranscriptQuery,
): Promise<TranscriptPage> {
  const asked = { ...query, limit: query.limit ?? TRANSCRIPT_LIMITS.default }
  const { messages, has_more } = await readWatchedHistory(database, conversation, asked)
  const numbers = [...new Set(messages.flatMap(({ turn }) => turn ?? []))]
  const open = query.after_seq === undefined ? query.before_seq === undefined : !has_more
  const turns = await readTurns(database, { conversation_id: conversation.id, numbers, open })
  return { messages, turns, has_more }
}
