import type { Witness } from '../witness.ts'
import { groupBy } from './groups.ts'
import type { Kept, KeptMessage, KeptReceipt } from './kept.ts'

/** Every acked message is kept once, by the id of the ack, with its text and place; in the order of sending. */
export function* ackedIsKeptOnce(kept: Kept, witness: Witness): Iterable<string> {
  const byId = groupBy(kept.messages, (message) => message.id)
  const sessions = new Map(kept.conversations.map((one) => [one.id, one.session_id]))
  for (const send of witness.sends) {
    for (const ack of send.acks) {
      const rows = byId.get(ack.id) ?? []
      const [row] = rows
      if (rows.length !== 1 || !row) {
        yield `${send.id} was acked as ${ack.id}, which is kept ${rows.length} times`
        continue
      }
      const same = row.content === send.text && row.seq === ack.seq && row.client_message_id === send.id
      if (!same || sessions.get(row.conversation_id) !== send.session)
        yield `${send.id} is not kept as it was sent`
    }
  }
  yield* outOfOrder(witness, byId)
}

/** Who sends after an ack comes after what was acked. */
function* outOfOrder(witness: Witness, byId: Map<string, KeptMessage[]>): Iterable<string> {
  for (const sends of groupBy(witness.sends, (send) => send.session).values()) {
    const placed = sends.flatMap((send) => {
      const row = byId.get(send.acks[0]?.id ?? '')?.[0]
      return row && send.ackedAt !== null ? [{ send, row, ackedAt: send.ackedAt }] : []
    })
    for (const earlier of placed) {
      for (const later of placed) {
        if (earlier.row.conversation_id !== later.row.conversation_id) continue
        if (earlier.ackedAt >= later.send.sentAt || earlier.row.seq < later.row.seq) continue
        yield `${later.send.id} was sent after ${earlier.send.id} was acked, and stands before it`
      }
    }
  }
}

/** Every message of a person has exactly the one receipt that made it, and is kept once. */
export function* receiptsAgree(kept: Kept): Iterable<string> {
  const messages = new Map(kept.messages.map((message) => [message.id, message]))
  for (const receipt of kept.receipts) {
    const message = messages.get(receipt.message_id)
    if (message?.seq !== receipt.seq || message.conversation_id !== receipt.conversation_id)
      yield `the receipt of ${receipt.client_message_id} has no message`
    else if (
      !receipt.client_message_id.endsWith(message.client_message_id ?? '') ||
      isUnnamed(receipt, message)
    )
      yield `the receipt of ${receipt.client_message_id} is another message's`
  }
  const receipts = new Set(kept.receipts.map((receipt) => receipt.message_id))
  for (const { id, role, client_message_id } of kept.messages) {
    if (['user', 'agent', 'tool'].includes(role) && !receipts.has(id))
      yield `message ${String(client_message_id)} has no receipt of its own`
  }
}

/** A late result has no name but its call's. */
function isUnnamed({ client_message_id: key }: KeptReceipt, { role }: KeptMessage): boolean {
  return key.startsWith('callback/') !== (role === 'tool')
}

/** What is told of a message is what is kept of it, and it is told once. */
export function* tellingsOfMessagesAgree(kept: Kept, witness: Witness): Iterable<string> {
  const messages = new Map(kept.messages.map((message) => [message.id, message]))
  const told = new Set<string>()
  for (const { told: telling, node } of witness.tellings) {
    if (telling.event !== 'message:created' && telling.event !== 'reply:end') continue
    const { message } = telling.args[0]
    const row = messages.get(message.id)
    const same =
      row?.seq === message.seq &&
      row.content === message.content &&
      row.timestamp.getTime() === Date.parse(message.created_at) &&
      row.status === (message.status ?? null) &&
      row.answers_to === (message.answers_to ?? null)
    if (!same) yield `${node} told message ${message.seq} otherwise than it is kept`
    if (told.has(message.id)) yield `message ${message.seq} was told twice`
    told.add(message.id)
  }
}
