import { countSummedUp } from '../seeded-provider.ts'
import { groupBy } from './groups.ts'
import type { Kept } from './kept.ts'

/** A summary holds each message up to where it says it goes, once, and nothing that has yet to be answered. */
export function* summariesAreExact(kept: Kept): Iterable<string> {
  const messages = groupBy(kept.messages, (message) => message.conversation_id)
  for (const { id, summary, summary_seq, answered_seq, agent_seq } of kept.conversations) {
    if ((summary === null) !== (summary_seq === 0))
      yield `${id} is summed up to ${summary_seq} without a summary`
    if (summary_seq > Math.max(answered_seq, agent_seq))
      yield `${id} is summed up to ${summary_seq}, and answered up to ${answered_seq}`
    const said = (messages.get(id) ?? []).filter(({ role, seq }) => role === 'user' && seq <= summary_seq)
    const count = countSummedUp(summary ?? '')
    if (count !== said.length) yield `the summary of ${id} holds ${count} messages of ${said.length}`
  }
}
