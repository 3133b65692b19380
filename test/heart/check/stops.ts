import type { Witness } from '../witness.ts'
import { groupBy } from './groups.ts'
import type { Kept } from './kept.ts'

/** A stop that was acked stops its turn for good, and nothing that was sent after it. */
export function* stopsHold(kept: Kept, witness: Witness): Iterable<string> {
  const turns = new Map(kept.turns.map((turn) => [`${turn.conversation_id}.${turn.number}`, turn]))
  const steps = groupBy(kept.steps, (step) => `${step.conversation_id}.${step.turn}`)
  const claims = groupBy(witness.ownerships, (one) => `${one.conversation}.${one.turn}`)
  const begun = attemptsBegun(witness)
  const placed = placedSends(kept, witness)
  for (const stop of witness.stops) {
    const key = `${stop.conversation}.${stop.turn}`
    const turn = turns.get(key)
    if (turn?.state !== 'stopped') {
      yield `turn ${key} was stopped, and is ${turn?.state ?? 'nowhere'}`
      continue
    }
    if (steps.get(key)?.some((step) => step.created_at.getTime() > stop.at))
      yield `turn ${key} took a step after it was stopped`
    if (claims.get(key)?.some((claim) => claim.askedAt > stop.at && begun.has(`${key}.${claim.attempt}`)))
      yield `turn ${key} was run again after it was stopped`
    for (const { id, sentAt, seq } of placed.get(stop.conversation) ?? [])
      if (sentAt > stop.at && seq > turn.after_seq && seq <= (turn.answers_to ?? 0))
        yield `${id} was sent after turn ${key} was stopped, and is stopped with it`
  }
}

/** The attempts that have begun to speak. */
function attemptsBegun(witness: Witness): Set<string> {
  return new Set(
    witness.tellings.flatMap(({ told }) =>
      told.event === 'reply:start'
        ? [`${told.to.conversation_id}.${told.args[0].turn}.${told.args[0].attempt}`]
        : [],
    ),
  )
}

/** The visitors' messages by the conversation they came to. */
function placedSends(
  kept: Kept,
  witness: Witness,
): Map<string, { id: string; sentAt: number; seq: number; conversation: string }[]> {
  const messages = new Map(kept.messages.map((message) => [message.id, message]))
  const placed = witness.sends.flatMap(({ id, sentAt, acks }) => {
    const row = messages.get(acks[0]?.id ?? '')
    return row?.role === 'user' ? [{ id, sentAt, seq: row.seq, conversation: row.conversation_id }] : []
  })
  return groupBy(placed, (one) => one.conversation)
}
