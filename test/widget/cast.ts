import type { Conversation, Message } from '../../protocol/records.ts'
import type { OutboxEntry } from '../../widget/bridge.ts'

/** The people and things of the widget's tests: one conversation, begun at a known minute. */
const BEGAN = Date.UTC(2026, 10, 23, 9, 0)

/** An id that is told apart by its number alone. */
export function idOf(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`
}

export function conversation(number = 1, more: Partial<Conversation> = {}): Conversation {
  return {
    id: idOf(number),
    session_id: idOf(999),
    channel: 'widget',
    state: 'ai',
    handoff: 'none',
    epoch: 0,
    locale: 'en',
    started_at: timeOf(number, 0),
    last_message_at: timeOf(number, 0),
    message_count: 0,
    ...more,
  }
}

export function visitorMessage(
  seq: number,
  content = `question ${seq}`,
  more: Partial<Message> = {},
): Message {
  return { id: idOf(1_000 + seq), seq, role: 'user', content, created_at: timeOf(1, seq), ...more }
}

export function answer(
  seq: number,
  answersTo: number,
  turn: number,
  content = `answer ${turn}`,
  more: Partial<Message> = {},
): Message {
  return {
    id: idOf(1_000 + seq),
    seq,
    role: 'assistant',
    content,
    created_at: timeOf(1, seq),
    answers_to: answersTo,
    status: 'complete',
    turn,
    ...more,
  }
}

export function outboxEntry(clientMessageId: string, text = `text of ${clientMessageId}`): OutboxEntry {
  return { client_message_id: clientMessageId, text, created_at: timeOf(1, 0) }
}

/** A time in the given conversation: each begins an hour after the one before. */
export function timeOf(conversationNumber: number, second: number): string {
  return new Date(BEGAN + conversationNumber * 3_600_000 + second * 1_000).toISOString()
}
