import type { HistoryPage, HistoryQuery } from '../../protocol/rest.ts'
import type { Result } from '../../protocol/result.ts'
import type { Conversation, Message, ReplyCursor, RunningReply } from '../../protocol/records.ts'
import type { VisitorSession } from '../auth/visitor-session.ts'

/** Where a client's copy of the transcript ends. */
export interface TranscriptCursor {
  conversation_id?: string
  last_seq?: number
  reply?: ReplyCursor
}

/** The current conversation as one visitor sees it at one moment. */
export interface Snapshot {
  conversation: Conversation | null
  messages: Message[]
  has_more: boolean
  reply?: RunningReply
}

/**
 * All that a visitor can do with its conversation, whichever door it came through. Sockets and HTTP call the same
 * functions; a conversation is always found through the session, never by an id from outside.
 */
export interface Conversations {
  /** Saves the message once and lets it be answered. Resolves after the commit. */
  receive(
    session: VisitorSession,
    input: { client_message_id: string; text: string },
  ): Promise<Result<{ message: Message }>>
  /** What a copy that ends at `cursor` lacks. The running reply is copied in the tick in which this resolves. */
  snapshot(session: VisitorSession, cursor: TranscriptCursor): Promise<Snapshot>
  history(session: VisitorSession, query: HistoryQuery): Promise<HistoryPage>
  /** Durable before it resolves; `stopped` is false when that turn had ended. */
  stop(session: VisitorSession, input: { turn: number }): Promise<Result<{ stopped: boolean }>>
  setTyping(session: VisitorSession, typing: boolean): void
  end(session: VisitorSession): Promise<Result<{ conversation: Conversation | null }>>
  start(session: VisitorSession): Promise<Result<{ conversation: Conversation }>>
}
