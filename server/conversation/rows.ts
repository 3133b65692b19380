import type {
  AnswerStatus,
  Author,
  ConversationState,
  HandoffState,
  Role,
  Source,
} from '../../protocol/records.ts'

/** A conversation as its statements return it: what visitors see, and what reading its messages needs. */
export interface ConversationRow {
  id: string
  client_id: string
  session_id: string
  channel: string
  state: ConversationState
  handoff: HandoffState
  epoch: number
  locale: string | null
  started_at: Date
  ended_at: Date | null
  last_at: Date
  message_count: number
  /** An answer is in the making, or waits to be. */
  turn_open: boolean
}

/** The columns of `ConversationRow`, for a SELECT or RETURNING. */
export const CONVERSATION_COLUMNS =
  'id, client_id, session_id, channel, state, handoff, epoch, locale, started_at, ended_at, last_at, message_count, turn_open'

export interface MessageRow {
  id: string
  seq: number
  role: Role
  content: string
  timestamp: Date
  client_message_id: string | null
  author: Author | null
  turn: number | null
  answers_to: number | null
  status: AnswerStatus | null
  sources: Source[] | null
}

/** The columns of `MessageRow`. */
export const MESSAGE_COLUMNS =
  'id, seq, role, content, "timestamp", client_message_id, author, turn, answers_to, status, sources'
