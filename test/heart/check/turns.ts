import { groupBy } from './groups.ts'
import type { Kept } from './kept.ts'

/** Turns are 1, 2, 3, ..., each ended by exactly one message row that says of it what the turn's own row says. */
export function* turnsHaveOneEnd(kept: Kept): Iterable<string> {
  const turns = groupBy(kept.turns, (turn) => turn.conversation_id)
  const ends = groupBy(
    kept.messages.filter((message) => message.role === 'assistant'),
    (message) => `${message.conversation_id}.${String(message.turn)}`,
  )
  for (const conversation of kept.conversations) {
    const rows = turns.get(conversation.id) ?? []
    const count = conversation.turn - 1 + Number(conversation.turn_open)
    if (rows.length !== count)
      yield `${conversation.id} has had ${count} turns, and ${rows.length} rows of them`
    for (const [index, turn] of rows.entries()) {
      const name = `turn ${turn.number} of ${conversation.id}`
      if (turn.number !== index + 1) yield `${name} stands where ${index + 1} belongs`
      if (turn.state === 'queued' || turn.state === 'running') {
        yield `${name} is ${turn.state}, and all is quiet`
        continue
      }
      const messages = ends.get(`${conversation.id}.${turn.number}`) ?? []
      const [message] = messages
      if (messages.length !== 1 || !message) {
        yield `${name} is ended by ${messages.length} messages`
        continue
      }
      const same =
        message.seq === turn.message_seq &&
        message.status === turn.state &&
        message.answers_to === turn.answers_to &&
        message.timestamp.getTime() === turn.ended_at?.getTime()
      if (!same) yield `${name} and its message do not say the same`
      ends.delete(`${conversation.id}.${turn.number}`)
    }
  }
  for (const key of ends.keys()) yield `an answer of turn ${key} has no turn`
}
