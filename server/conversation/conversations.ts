import type { HistoryPage, HistoryQuery } from '../../protocol/rest.ts'
import type { Result } from '../../protocol/result.ts'
import type { Conversation, Message, ReplyCursor, RunningReply } from '../../protocol/records.ts'
import type { ToolAnswer, ToolConfirm } from '../../protocol/widget.ts'
import type { VisitorSession } from '../auth/visitor-session.ts'

/** Where a client's copy of the transcript ends. */
export interface TranscriptCursor {
  conversation_id?: string
  last_seq?: number
  reply?: ReplyCursor
}

/** The durable part of what a visitor's copy lacks. */
export interface Snapshot {
  conversation: Conversation | null
  /** In the order of `seq`. */
  messages: Message[]
  /** After a cursor: later messages remain. Without one: older messages do. */
  has_more: boolean
  /** Calls that wait for the visitor's yes. */
  confirming: ToolConfirm[]
}

/**
 * All that a visitor can do with its conversation, whichever door it came through. Sockets and HTTP call the same
 * functions; a conversation is always found through the session, never by an id from outside.
 */
export interface Conversations {
  /**
   * Refuses a message as `busy` that would begin a turn while this node has too much to do; null: it may come. To be
   * asked before `receive`, and before it counts against any limit. `session` is null where it will be a new one.
   */
  turnAway(session: VisitorSession | null, clientMessageId: string): Promise<Result<never> | null>
  /** Saves the message once and lets it be answered. Resolves after the commit. */
  receive(
    session: VisitorSession,
    input: { client_message_id: string; text: string },
  ): Promise<Result<{ message: Message }>>
  /** What a copy that ends at `cursor` lacks of the current conversation; everything, if it was of another one. */
  snapshot(session: VisitorSession, cursor: TranscriptCursor): Promise<Snapshot>
  /**
   * The reply that is running here, from the cursor's offset where turn and attempt match, else whole. Emit it in
   * the same tick: later deltas continue exactly where it ends.
   */
  runningReply(
    conversation: Pick<Conversation, 'id' | 'session_id'>,
    cursor: TranscriptCursor,
  ): RunningReply | undefined
  /** Where no reply runs here: one that runs on another node is told here too, from its first character. */
  hearElsewhere(session: VisitorSession, conversationId: string): void
  history(session: VisitorSession, query: HistoryQuery): Promise<HistoryPage>
  /** Durable before it resolves; `stopped` is false when that turn had ended. */
  stop(session: VisitorSession, input: { turn: number }): Promise<Result<{ stopped: boolean }>>
  /** Says yes or no to a call that waits for it; durable before it resolves. The first answer holds. */
  answer(session: VisitorSession, answer: ToolAnswer): Promise<Result<{ approved: boolean }>>
  setTyping(session: VisitorSession, typing: boolean): void
  end(session: VisitorSession): Promise<Result<{ conversation: Conversation | null }>>
  start(session: VisitorSession): Promise<Result<{ conversation: Conversation }>>
}
