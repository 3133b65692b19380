import type { ConversationState, Message } from '../../protocol/records.ts'
import type { ToolConfirm, TurnFailure } from '../../protocol/widget.ts'
import { presentQuestion, QUESTION_COLUMNS, type QuestionRow } from '../tools/turn/confirm/waiting.ts'
import { STILL_WAITING } from '../tools/turn/confirm/still-waiting.ts'
import type { Database, Statement } from '../infra/database.ts'
import { presentMessage } from './present.ts'
import type { MessageRow } from './rows.ts'

/** A visitor's message, by the name that its sender gave it. */
export interface AskedMessage {
  session_id: string
  client_message_id: string
}

/** What has become of a visitor's message. */
export type Answer =
  | {
      /** `agent`: a person took over while the assistant spoke. */
      by: 'assistant' | 'agent'
      message: Message
      /** Why the turn failed, where it did. */
      failure?: TurnFailure
      toolCalls: number
    }
  /** A person has the conversation, or had it and has answered; or the conversation ended before anybody did. */
  | { by: 'agent' | 'nobody'; message?: undefined }

/** A message that was received: its place, and its answer; null while one is owed. */
export interface FoundMessage {
  conversation_id: string
  seq: number
  answer: Answer | null
  /** Calls for its answer that wait for the visitor's yes. */
  confirming: ToolConfirm[]
}

interface FoundRow {
  /** Which of the messages asked about, from 1. */
  place: number
  conversation_id: string
  asked_seq: number
  state: ConversationState
  turn_open: boolean
  answer: Omit<MessageRow, 'timestamp'> | null
  answered_at: Date | null
  error: TurnFailure | 'owner_silent' | null
  tool_calls: number | null
  confirming: QuestionRow[] | null
}

/**
 * The answer of a message is the first that `answers_to` it or a later one. $1 sessions $2 client_message_ids, pair by
 * pair. No row: not received. Time never goes back, so an answer's partition is that of its question or a later one.
 */
const FIND: Statement = {
  name: 'conversation/find-answers',
  text: `
    SELECT w.place::int AS place, r.conversation_id, r.seq AS asked_seq, c.state, c.turn_open,
      to_jsonb(m) AS answer, m."timestamp" AS answered_at, t.error, s.tool_calls, p.confirming
    FROM unnest($1::uuid[], $2::text[]) WITH ORDINALITY AS w (session_id, client_message_id, place)
    JOIN message_receipts r ON r.session_id = w.session_id AND r.client_message_id = w.client_message_id
    JOIN conversations c ON c.id = r.conversation_id
    LEFT JOIN LATERAL (
      SELECT id, seq, role, content, "timestamp", client_message_id, author, turn, answers_to, status, sources
      FROM messages WHERE conversation_id = r.conversation_id AND "timestamp" >= r.created_at AND seq > r.seq
        AND role = 'assistant' AND answers_to >= r.seq
      ORDER BY seq LIMIT 1
    ) m ON true
    LEFT JOIN turns t ON t.conversation_id = r.conversation_id AND t.number = m.turn
    LEFT JOIN LATERAL (
      SELECT sum(jsonb_array_length(body -> 'calls'))::int AS tool_calls
      FROM turn_steps WHERE conversation_id = r.conversation_id AND turn = m.turn
    ) s ON m.id IS NOT NULL
    LEFT JOIN LATERAL (
      SELECT jsonb_agg(to_jsonb(w) ORDER BY w.asked_at, w.call_id) AS confirming FROM (
        SELECT ${QUESTION_COLUMNS}, q.asked_at FROM tool_confirmations q JOIN conversations v ON v.id = q.conversation_id
        WHERE q.conversation_id = r.conversation_id AND ${STILL_WAITING}
      ) w
    ) p ON m.id IS NULL AND c.turn_open`,
}

/** What has become of these messages, in their order; undefined of one that was not received. */
export async function findAnswers(
  database: Pick<Database, 'run'>,
  asked: readonly AskedMessage[],
): Promise<(FoundMessage | undefined)[]> {
  const found = asked.map((): FoundMessage | undefined => undefined)
  const values = [
    asked.map(({ session_id }) => session_id),
    asked.map(({ client_message_id }) => client_message_id),
  ]
  for (const row of await database.run<FoundRow>(FIND, values)) {
    const { conversation_id, asked_seq: seq } = row
    const confirming = row.confirming?.map(presentQuestion) ?? []
    found[row.place - 1] = { conversation_id, seq, answer: answerOf(row), confirming }
  }
  return found
}

function answerOf(row: FoundRow): Answer | null {
  const { answer, answered_at, error } = row
  if (answer !== null && answered_at !== null) {
    const message = presentMessage({ ...answer, timestamp: answered_at })
    const failed = message.status === 'failed' && error !== null && error !== 'owner_silent'
    return {
      by: message.status === 'interrupted' && row.state === 'agent' ? 'agent' : 'assistant',
      message,
      ...(failed && { failure: error }),
      toolCalls: row.tool_calls ?? 0,
    }
  }
  // An interrupted turn ends with a row of its own, which may be the answer.
  if (row.turn_open) return null
  return { by: row.state === 'ended' ? 'nobody' : 'agent' }
}
