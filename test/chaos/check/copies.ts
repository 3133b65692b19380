import type { Message } from '../../../protocol/records.ts'
import type { KeptMessage } from '../../heart/check/kept.ts'
import { groupBy } from '../../heart/check/groups.ts'
import { byTab, opsOf, type History } from '../history.ts'
import { Transcript } from '../transcript.ts'
import type { Truth } from '../truth.ts'

/** What each tab of a visitor has in the end is what is kept: all of it, and nothing else. */
export function* copiesAgree(history: History, truth: Truth): Iterable<string> {
  const visitors = new Set(opsOf(history, 'is').map(({ who }) => who))
  const rows = groupBy(truth.messages, (row) => row.conversation_id)
  for (const [tab, ops] of byTab(history)) {
    if (!visitors.has(ops[0]?.who ?? '')) continue
    const copy = new Transcript()
    for (const op of ops) copy.take(op)
    if (copy.conversationId === undefined) continue
    const kept = rows.get(copy.conversationId) ?? []
    if (kept.length !== copy.messages.size)
      yield `${tab}: it has ${copy.messages.size} messages, and ${kept.length} are kept`
    for (const row of kept) {
      const own = copy.messages.get(row.seq)
      if (!own) yield `${tab}: it has no message at ${row.seq}`
      else if (!isSame(row, own)) yield `${tab}: its message at ${row.seq} is another one than is kept`
    }
  }
}

function isSame(row: KeptMessage, message: Message): boolean {
  return (
    row.id === message.id &&
    row.role === message.role &&
    row.content === message.content &&
    (row.status ?? undefined) === message.status &&
    (row.answers_to ?? undefined) === message.answers_to
  )
}
