import type { Message } from '../../protocol/records.ts'
import type { OutboxEntry } from '../bridge.ts'

/** One thing in the list of messages. `key` stays while an entry turns from sent or streamed into its durable row. */
export type Entry =
  | { kind: 'message'; key: string; message: Message }
  | { kind: 'reply'; key: string; turn: number }
  | { kind: 'pending'; key: string; entry: OutboxEntry }

/**
 * What is shown, in the order it is shown: rows by `(answers_to ?? seq, seq)`, the running reply at the place its
 * row will take, and at the end what is still being sent. The reply is named by its turn and place alone, so that its
 * growing text does not make this list anew.
 */
export function arrange(
  messages: readonly Message[],
  pending: readonly OutboxEntry[],
  reply: { turn: number; answers_to: number } | null,
): Entry[] {
  const rows = messages.filter(isShown).sort(byPlace)
  const entries: Entry[] = rows.map((message) => ({ kind: 'message', key: keyOf(message), message }))
  if (reply) {
    const at = rows.findIndex((row) => placeOf(row) > reply.answers_to)
    const entry: Entry = { kind: 'reply', key: `turn:${reply.turn}`, turn: reply.turn }
    entries.splice(at < 0 ? entries.length : at, 0, entry)
  }
  for (const entry of pending) entries.push({ kind: 'pending', key: entry.client_message_id, entry })
  return entries
}

/** Whether a row has anything to show: words, or that the answer was stopped or failed. */
export function isShown(message: Message): boolean {
  return message.content !== '' || message.status === 'stopped' || message.status === 'failed'
}

function byPlace(a: Message, b: Message): number {
  return placeOf(a) - placeOf(b) || a.seq - b.seq
}

function placeOf(message: Message): number {
  return message.answers_to ?? message.seq
}

function keyOf(message: Message): string {
  if (message.role === 'assistant' && message.turn !== undefined) return `turn:${message.turn}`
  return message.client_message_id ?? message.id
}
