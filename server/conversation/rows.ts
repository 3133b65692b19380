import type { LateResult } from '../../models/message.ts'
import type { Attributes } from '../../protocol/attributes.ts'
import type { PersonNamed } from '../../protocol/presence.ts'
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
  /** The score that the visitor gave last. */
  rating: number | null
  /** An answer is in the making, or waits to be. */
  turn_open: boolean
  /** The last request for a person: it means something while `handoff` is 'requested'. */
  handoff_by: 'visitor' | 'ai' | 'rule' | null
  handoff_reason: string | null
  handoff_requested_at: Date | null
  /** While it is requested, where it was read: see `HANDOFF_POSITION`. */
  handoff_position?: number | null
}

/** A conversation with what the people of the business know of its visitor. */
export interface WatchedConversationRow extends ConversationRow {
  /** Who has taken it over. */
  agent: PersonNamed | null
  /** The beginning of what was said last. */
  last_message: { role: Role | 'tool'; text: string } | null
  contact: { email: string; name: string | null } | null
  /** What the page tells, and nobody has proved: of the visitor, and of the conversation. */
  visitor_claims: Attributes
  attributes: Attributes
}

/** The columns of `ConversationRow`, for a SELECT or RETURNING. */
export const CONVERSATION_COLUMNS =
  'id, client_id, session_id, channel, state, handoff, handoff_by, handoff_reason, handoff_requested_at, epoch, locale, ' +
  'started_at, ended_at, last_at, message_count, rating, turn_open'

/** Characters of the last message. */
const BEGINNING = 140

/** The columns of `WatchedConversationRow`, of a table of that name. */
export const WATCHED_CONVERSATION_COLUMNS = `
  ${CONVERSATION_COLUMNS}, attributes,
  (SELECT s.attributes FROM sessions s WHERE s.id = conversations.session_id) AS visitor_claims,
  (SELECT jsonb_strip_nulls(jsonb_build_object('id', p.id, 'name', p.name, 'avatar_url', p.avatar_url)) FROM admins p
    WHERE p.id = conversations.agent_id) AS agent,
  (SELECT jsonb_build_object('role', m.role, 'text', left(m.content, ${BEGINNING})) FROM messages m
    WHERE m.conversation_id = conversations.id AND m.seq = conversations.last_seq
      AND m."timestamp" = conversations.last_at) AS last_message,
  (SELECT jsonb_build_object('email', k.email, 'name', k.name) FROM contacts k
    WHERE k.conversation_id = conversations.id) AS contact`

/**
 * The place of conversation `v` in its client's queue for a person, 1 is next; null while it is in none. Two that ask at
 * once may be committed in another order than that of their times: who was told a place first is told a later one soon.
 */
export const HANDOFF_POSITION = `
  CASE WHEN v.handoff = 'requested' THEN (
    SELECT count(*)::int FROM conversations o
    WHERE o.client_id = v.client_id AND o.handoff = 'requested' AND o.is_test = v.is_test
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
