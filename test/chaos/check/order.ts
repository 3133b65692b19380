import { groupBy } from '../../heart/check/groups.ts'
import type { History } from '../history.ts'
import type { Truth } from '../truth.ts'

/**
 * Who sends after an ack comes after what was acked, in the same conversation: the order of real time, which makes a
 * history linearizable.
 */
export function* sendsStayInOrder(history: History, truth: Truth): Iterable<string> {
  const rows = new Map(truth.messages.map((row) => [row.client_message_id ?? row.id, row]))
  const ops = history.filter((op) => op.op === 'sends' || op.op === 'acked')
  const placeOf = (op: (typeof ops)[number]) => `${op.who} in ${String(rows.get(op.id)?.conversation_id)}`
  for (const [place, own] of groupBy(ops, placeOf)) {
    const sent = new Set<string>()
    let acked = 0
    for (const { op, id } of own) {
      const seq = rows.get(id)?.seq ?? Infinity
      if (op === 'acked') acked = Math.max(acked, seq)
      else if (!sent.has(id) && seq <= acked)
        yield `${place}: ${id} has seq ${seq}, and ${acked} was acked before it was sent`
      sent.add(id)
    }
  }
}
