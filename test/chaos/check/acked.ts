import { groupBy } from '../../heart/check/groups.ts'
import { opsOf, type History } from '../history.ts'
import type { Truth } from '../truth.ts'

/** Every ack is of one message that is kept, in the sender's conversation, as it was sent; and always of the same one. */
export function* ackedIsKept(history: History, truth: Truth): Iterable<string> {
  const rows = groupBy(truth.messages, (message) => message.id)
  const texts = new Map(opsOf(history, 'sends').map(({ id, text }) => [id, text]))
  const acked = new Map<string, string>()
  const isOwn = ownership(history, truth)
  for (const { who, id, message } of opsOf(history, 'acked')) {
    const before = acked.get(id)
    if (before !== undefined && before !== message.id) yield `${who}: ${id} was acked as two messages`
    acked.set(id, message.id)
    const [row, ...more] = rows.get(message.id) ?? []
    if (!row || more.length > 0)
      yield `${who}: ${id} was acked, and is kept ${row ? more.length + 1 : 0} times`
    else if (row.content !== texts.get(id) || row.seq !== message.seq || row.client_message_id !== id)
      yield `${who}: ${id} is not kept as it was sent`
    else if (!isOwn(who, row.conversation_id))
      yield `${who}: ${id} is kept in the conversation of somebody else`
  }
}

/** What is kept of a person was sent by that person, in these words, and once. */
export function* keptWasSent(history: History, truth: Truth): Iterable<string> {
  const sent = new Map(opsOf(history, 'sends').map((send) => [send.id, send]))
  for (const { role, client_message_id, content, conversation_id } of truth.messages) {
    if (role !== 'user' && role !== 'agent') continue
    const send = sent.get(client_message_id ?? '')
    if (!send) yield `${conversation_id}: ${String(client_message_id)} is kept, and nobody sent it`
    else if (send.text !== content) yield `${conversation_id}: ${send.id} is kept in other words`
  }
}

/** Whether a conversation is the sender's own; an agent may speak in any. */
function ownership(history: History, truth: Truth): (who: string, conversation: string) => boolean {
  const sessionOf = new Map(truth.conversations.map((one) => [one.id, one.session_id]))
  const sessions = groupBy(opsOf(history, 'is'), ({ who }) => who)
  return (who, conversation) =>
    sessions.get(who)?.some(({ session }) => session === sessionOf.get(conversation)) ?? true
}
