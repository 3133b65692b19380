import { createHash } from 'node:crypto'
import { refuse, succeed, type Result } from '../../protocol/result.ts'
import type { Message } from '../../protocol/records.ts'
import type { VisitorSession } from '../auth/visitor-session.ts'
import type { ConversationContext } from './context.ts'
import { openConversation } from './current.ts'
import { presentConversation } from './present.ts'
import { FIND_RECEIPT, RECEIVE, type ReceivedRow } from './receive-statement.ts'
import { seeToAnswer } from './see-to-answer.ts'

export interface VisitorMessage {
  client_message_id: string
  text: string
}

type Receipt = Pick<ReceivedRow, 'conversation_id' | 'seq' | 'message_id' | 'created_at' | 'same_text'>

/** A session opens a conversation once; two tries suffice unless conversations are ended as fast as they open. */
const OPENING_TRIES = 5

/**
 * Saves a visitor's message exactly once and sees to it that it is answered. Resolves after the commit. The same
 * client_message_id gives the same message again; with another text it is refused as `message_id_reused`.
 */
export async function receive(
  context: ConversationContext,
  session: VisitorSession,
  input: VisitorMessage,
): Promise<Result<{ message: Message }>> {
  const textHash = createHash('sha256').update(input.text).digest()
  for (let tries = 0; tries < OPENING_TRIES; tries++) {
    const node = context.lease.claimant()
    const values = [session.id, input.client_message_id, input.text, textHash, node]
    const [row] = await context.database.run<ReceivedRow>(RECEIVE, values)
    if (row) return settle(context, session, input, row, node)
    const receipt = await findReceipt(context, session, input, textHash)
    if (receipt) return repeat(input, receipt)
    await open(context, session)
  }
  return refuse('unavailable')
}

async function findReceipt(
  context: ConversationContext,
  session: VisitorSession,
  input: VisitorMessage,
  textHash: Buffer,
): Promise<Receipt | undefined> {
  const values = [session.id, input.client_message_id, textHash]
  const [receipt] = await context.database.run<Receipt>(FIND_RECEIPT, values)
  return receipt
}

async function open(context: ConversationContext, session: VisitorSession): Promise<void> {
  const row = await openConversation(context.database, session)
  if (!row) return
  const to = { client_id: session.client_id, session_id: session.id, conversation_id: row.id }
  context.publisher.publish(to, 'conversation:started', { conversation: presentConversation(row) })
}

function settle(
  context: ConversationContext,
  session: VisitorSession,
  input: VisitorMessage,
  row: ReceivedRow,
  node: string | null,
): Result<{ message: Message }> {
  if (row.duplicate) return repeat(input, row)
  context.typing.set(session.id, false)
  const message = wireMessage(input, row)
  const to = { client_id: session.client_id, session_id: session.id, conversation_id: row.conversation_id }
  context.publisher.publish(to, 'message:created', { message })
  seeToAnswer(context, to, row, node)
  return succeed({ message })
}

function repeat(input: VisitorMessage, receipt: Receipt): Result<{ message: Message }> {
  return receipt.same_text ? succeed({ message: wireMessage(input, receipt) }) : refuse('message_id_reused')
}

function wireMessage(input: VisitorMessage, receipt: Receipt): Message {
  return {
    id: receipt.message_id,
    seq: receipt.seq,
    role: 'user',
    content: input.text,
    created_at: receipt.created_at.toISOString(),
    client_message_id: input.client_message_id,
  }
}
