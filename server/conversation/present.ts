import type { AdminConversation, WatchedMessage } from '../../protocol/admin.ts'
import type { Conversation, Message, Role } from '../../protocol/records.ts'
import type { ConversationRow, MessageRow, WatchedConversationRow, WatchedRow } from './rows.ts'

/** A conversation as its visitor sees it. The only way a row becomes a record of the wire. */
export function presentConversation(row: ConversationRow): Conversation {
  return {
    id: row.id,
    session_id: row.session_id,
    channel: row.channel,
    state: row.state,
    handoff: row.handoff,
    ...(typeof row.handoff_position === 'number' && { handoff_position: row.handoff_position }),
    epoch: row.epoch,
    locale: row.locale,
    started_at: row.started_at.toISOString(),
    ...(row.ended_at === null ? {} : { ended_at: row.ended_at.toISOString() }),
    last_message_at: row.last_at.toISOString(),
    message_count: row.message_count,
    ...(row.rating !== null && { rating: row.rating }),
  }
}

/** A conversation as the people of the business see it. */
export function presentForAdmin(row: WatchedConversationRow): AdminConversation {
  return {
    ...presentConversation(row),
    client_id: row.client_id,
    ...nowOf(row),
    ...wishOf(row),
    ...toldOf(row),
  }
}

function nowOf({
  agent,
  last_message: last,
}: WatchedConversationRow): Pick<AdminConversation, 'agent' | 'last_message'> {
  const said = last === null || last.role === 'tool' || last.text === '' ? null : last
  return {
    ...(agent && { agent }),
    ...(said && { last_message: { role: said.role as Role, text: said.text } }),
  }
}

function toldOf({
  contact,
  visitor_claims: visitor,
  attributes: conversation,
}: WatchedConversationRow): Pick<AdminConversation, 'contact' | 'claims'> {
  const claims = Object.keys(visitor).length + Object.keys(conversation).length
  return {
    ...(contact && {
      contact: { email: contact.email, ...(contact.name !== null && { name: contact.name }) },
    }),
    ...(claims > 0 && { claims: { visitor, conversation } }),
  }
}

function wishOf(row: ConversationRow): Pick<AdminConversation, 'handoff_request'> {
  const { handoff, handoff_by: by, handoff_reason: reason, handoff_requested_at: since } = row
  if (handoff !== 'requested' || by === null || since === null) return {}
  return { handoff_request: { by, ...(reason !== null && { reason }), requested_at: since.toISOString() } }
}

/**
 * A message as its visitor sees it; what a row does not have is left out, not null. Of a late result, that something
 * stands there: places have no holes.
 */
export function presentMessage(row: MessageRow): Message {
  return {
    id: row.id,
    seq: row.seq,
    role: row.role === 'tool' ? 'system' : row.role,
    content: row.content,
    created_at: row.timestamp.toISOString(),
    ...(row.answers_to === null ? {} : { answers_to: row.answers_to }),
    ...(row.status === null ? {} : { status: row.status }),
    ...(row.turn === null ? {} : { turn: row.turn }),
    ...(row.client_message_id === null ? {} : { client_message_id: row.client_message_id }),
    ...(row.author === null ? {} : { author: row.author }),
    ...(row.sources === null ? {} : { sources: row.sources }),
  }
}

/** A message as the people of the business see it. */
export function presentWatched(row: WatchedRow): WatchedMessage {
  const message = presentMessage(row)
  if (row.result === null) return message
  const { tool: name, arguments: given, content, failed } = row.result
  return { ...message, role: 'tool', content, tool: { name, arguments: given, failed } }
}
