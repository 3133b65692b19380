import { groupBy } from './groups.ts'
import type { Kept } from './kept.ts'

/** Places are 1, 2, 3, ... and time never goes back. */
export function* seqHasNoHoles(kept: Kept): Iterable<string> {
  for (const [conversation, messages] of groupBy(kept.messages, (message) => message.conversation_id)) {
    for (const [index, message] of messages.entries()) {
      if (message.seq !== index + 1) {
        yield `${conversation} has ${message.seq} where ${index + 1} belongs`
        break
      }
      const before = messages[index - 1]
      if (before && before.timestamp > message.timestamp)
        yield `${conversation} goes back in time at ${message.seq}`
    }
  }
}

/** The conversation's row says of its messages what they are, and nothing is left open. */
export function* countersAgree(kept: Kept): Iterable<string> {
  const byConversation = groupBy(kept.messages, (message) => message.conversation_id)
  for (const row of kept.conversations) {
    const messages = byConversation.get(row.id) ?? []
    const last = (...roles: string[]) => messages.findLast(({ role }) => roles.includes(role))?.seq ?? 0
    const pairs: [string, number, number][] = [
      ['last_seq', row.last_seq, messages.at(-1)?.seq ?? 0],
      ['message_count', row.message_count, messages.length],
      ['visitor_seq', row.visitor_seq, last('user', 'tool')],
      ['agent_seq', row.agent_seq, last('agent')],
      ['last_at', row.last_at.getTime(), (messages.at(-1)?.timestamp ?? row.last_at).getTime()],
    ]
    for (const [name, said, is] of pairs)
      if (said !== is) yield `${row.id} says ${name} ${said}, and it is ${is}`
    if (row.turn_open) yield `${row.id} has turn ${row.turn} open, and all is quiet`
    if (
      (row.state === 'agent') !== (row.handoff === 'with_agent') ||
      (row.state === 'agent') !== (row.agent_id !== null)
    )
      yield `${row.id} is in state ${row.state}, with handoff ${row.handoff} and agent ${String(row.agent_id)}`
  }
}
