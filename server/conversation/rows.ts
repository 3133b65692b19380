import type { LateResult } from '../../models/message.ts'
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
  /** The last request for a person: it means something while `handoff` is 'requested'. */
  handoff_by: 'visitor' | 'ai' | 'rule' | null
  handoff_reason: string | null
  handoff_requested_at: Date | null
  /** While it is requested, where it was read: see `HANDOFF_POSITION`. */
  handoff_position?: number | null
}

/** The columns of `ConversationRow`, for a SELECT or RETURNING. */
export const CONVERSATION_COLUMNS =
  'id, client_id, session_id, channel, state, handoff, handoff_by, handoff_reason, handoff_requested_at, epoch, locale, ' +
  'started_at, ended_at, last_at, message_count, turn_open'

/**
 * The place of conversation `v` in its client's queue for a person, 1 is next; null while it is in none. Two that ask at
 * once may be committed in another order than that of their times: who was told a place first is told a later one soon.
 */
export const HANDOFF_POSITION = `
  CASE WHEN v.handoff = 'requested' THEN (
    SELECT count(*)::int FROM conversations o
    WHERE o.client_id = v.client_id AND o.handoff = 'requested'
      AND (o.handoff_requested_at, o.id) <= (v.handoff_requested_at, v.id)
  ) END`

export interface MessageRow {
  id: string
  seq: number
  role: Role | 'tool'
  content: string
  timestamp: Date
  client_message_id: string | null
  author: Author | null
  turn: number | null
  answers_to: number | null
  status: AnswerStatus | null
  sources: Source[] | null
}

/** A message with what a tool brought, which no visitor reads. */
export interface WatchedRow extends MessageRow {
  result: LateResult | null
}

/** The columns of `MessageRow`. */
export const MESSAGE_COLUMNS =
  'id, seq, role, content, "timestamp", client_message_id, author, turn, answers_to, status, sources'

/** The columns of `WatchedRow`. */
export const WATCHED_COLUMNS = `${MESSAGE_COLUMNS}, result`
