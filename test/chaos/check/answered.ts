import { opsOf, type History } from '../history.ts'
import type { Truth } from '../truth.ts'

/** A request that waited for its answer got one that is kept, and that is about its message. */
export function* waitingRequestsHeardTheEnd(history: History, truth: Truth): Iterable<string> {
  const rows = new Map(truth.messages.map((row) => [row.id, row]))
  const seqs = new Map(truth.messages.map((row) => [row.client_message_id ?? row.id, row.seq]))
  for (const { who, id, message } of opsOf(history, 'answered')) {
    const row = rows.get(message.id)
    if (row?.content !== message.content) yield `${who}: ${id} was answered otherwise than is kept`
    else if ((row.answers_to ?? 0) < (seqs.get(id) ?? 0))
      yield `${who}: ${id} was answered by what answers an earlier message`
  }
}
