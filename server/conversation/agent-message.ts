import { createHash } from 'node:crypto'
import { refuse, succeed, type Result } from '../../protocol/result.ts'
import type { Author, ConversationState, Message } from '../../protocol/records.ts'
import type { Statement } from '../infra/database.ts'
import type { Agent, AgentPlace } from './change-hands.ts'
import type { ConversationContext } from './context.ts'
import { FIND_RECEIPT } from './receive-statement.ts'

export interface AgentMessage {
  client_message_id: string
  text: string
}

/** What both the statement and an earlier receipt say of a message. */
interface Receipt {
  seq: number
  message_id: string
  created_at: Date
  same_text: boolean
}

/** The rest is null when the message was refused. */
type ReceivedRow = { client_id: string; session_id: string; state: ConversationState; duplicate: boolean } & (
  Receipt | { [K in keyof Receipt]: null }
)

/**
 * Receives an agent's message as RECEIVE does a visitor's, lock first. It never opens a turn. Refused, with no
 * receipt, unless that very agent has the conversation when the lock is had. No row: not this client's.
 *
 * $1 conversation $2 client, or null for any $3 admin $4 key of the receipt $5 text $6 SHA-256 of the text $7 client_message_id $8 author
 */
const RECEIVE_FROM_AGENT: Statement = {
  name: 'conversation/receive-from-agent',
  text: `
    WITH c AS MATERIALIZED (
      SELECT id, client_id, session_id, state, agent_id, last_seq, last_at
      FROM conversations WHERE id = $1::uuid AND ($2::uuid IS NULL OR client_id = $2::uuid) FOR NO KEY UPDATE
    ), r AS (
      INSERT INTO message_receipts AS k (session_id, client_message_id, conversation_id, seq, message_id, text_hash, created_at)
      SELECT session_id, $4::text, id, last_seq + 1, gen_random_uuid(), $6::bytea, greatest(clock_timestamp(), last_at)
      FROM c WHERE state = 'agent' AND agent_id = $3::uuid
      ON CONFLICT (session_id, client_message_id) DO UPDATE SET seq = k.seq
      RETURNING conversation_id, seq, message_id, text_hash, created_at
    ), u AS (
      UPDATE conversations v SET
        state = c.state, last_seq = r.seq, last_at = r.created_at, agent_seq = r.seq, message_count = v.message_count + 1
      FROM c CROSS JOIN r
      WHERE v.id = c.id AND r.conversation_id = c.id AND r.seq = c.last_seq + 1
      RETURNING v.id
    ), m AS (
      INSERT INTO messages (id, conversation_id, seq, role, content, "timestamp", client_message_id, author)
      SELECT r.message_id, u.id, r.seq, 'agent', $5::text, r.created_at, $7::text, $8::jsonb FROM u CROSS JOIN r
    )
    SELECT c.client_id, c.session_id, c.state, r.seq, r.message_id, r.created_at, r.text_hash = $6::bytea AS same_text,
      u.id IS NULL AS duplicate
    FROM c LEFT JOIN r ON true LEFT JOIN u ON true`,
}

/**
 * Saves the message of an agent who has taken the conversation over, exactly once, and tells the visitor. The same
 * client_message_id of the same agent gives the same message again, also after the conversation was handed back.
 * Refuses with `not_found`, `conversation_ended`, `not_taken_over` and `message_id_reused`.
 */
export async function receiveFromAgent(
  context: ConversationContext,
  place: AgentPlace,
  input: AgentMessage,
): Promise<Result<{ message: Message }>> {
  const { client_id, conversation_id, admin } = place
  const author = authorOf(admin)
  const hash = createHash('sha256').update(input.text).digest()
  const key = receiptKey(admin, input)
  const values = [
    conversation_id,
    client_id,
    admin.id,
    key,
    input.text,
    hash,
    input.client_message_id,
    author,
  ]
  const [row] = await context.database.run<ReceivedRow>(RECEIVE_FROM_AGENT, values)
  if (!row) return refuse('not_found')
  if (row.seq === null) {
    const [receipt] = await context.database.run<Receipt>(FIND_RECEIPT, [row.session_id, key, hash])
    if (receipt) return repeat(input, author, receipt)
    return refuse(row.state === 'ended' ? 'conversation_ended' : 'not_taken_over')
  }
  if (row.duplicate) return repeat(input, author, row)
  const message = wireMessage(input, author, row)
  const to = { client_id: row.client_id, session_id: row.session_id, conversation_id }
  context.publisher.publish(to, 'message:created', { message })
  return succeed({ message })
}

/** No visitor's id holds a slash: an agent's receipt never meets a visitor's, nor another agent's. */
function receiptKey(admin: Agent, input: AgentMessage): string {
  return `agent/${admin.id}/${input.client_message_id}`
}

function authorOf({ name, avatar_url }: Agent): Author {
  return { name, ...(avatar_url === undefined ? {} : { avatar_url }) }
}

function repeat(input: AgentMessage, author: Author, receipt: Receipt): Result<{ message: Message }> {
  return receipt.same_text
    ? succeed({ message: wireMessage(input, author, receipt) })
    : refuse('message_id_reused')
}

function wireMessage(input: AgentMessage, author: Author, receipt: Receipt): Message {
  return {
    id: receipt.message_id,
    seq: receipt.seq,
    role: 'agent',
    content: input.text,
    created_at: receipt.created_at.toISOString(),
    client_message_id: input.client_message_id,
    author,
  }
}
