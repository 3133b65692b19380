import type { Witness } from '../witness.ts'
import { groupBy } from './groups.ts'
import type { Kept } from './kept.ts'

/** Reading two clocks of one machine, one in whole milliseconds. */
const SLACK_MS = 2

/**
 * Who has joined is told after every turn of an older epoch has ended, and its teller goes on with none of them. A node
 * that had not heard of the takeover may still begin one: visitors ignore what is of an older epoch.
 */
export function* agentsJoinInSilence(kept: Kept, witness: Witness): Iterable<string> {
  const turns = groupBy(kept.turns, (turn) => turn.conversation_id)
  const joined = new Map<string, number>()
  const begun = new Set<string>()
  for (const { told, node, at } of witness.tellings) {
    const conversation = told.to.conversation_id
    const place = `${node}.${conversation}`
    if (told.event === 'reply:start') {
      const { turn, attempt, epoch } = told.args[0]
      if (epoch >= (joined.get(place) ?? 0)) begun.add(`${place}.${turn}.${attempt}`)
    } else if (told.event === 'agent:joined') {
      const { epoch } = told.args[0]
      joined.set(place, Math.max(epoch, joined.get(place) ?? 0))
      for (const turn of turns.get(conversation) ?? []) {
        if (turn.epoch >= epoch || (turn.ended_at && turn.ended_at.getTime() <= at + SLACK_MS)) continue
        yield `an agent joined ${conversation} while turn ${turn.number} had not ended`
      }
    } else if (told.event === 'reply:delta' || told.event === 'reply:end') {
      const number = told.event === 'reply:delta' ? told.args[0] : told.args[0].turn
      const turn = turns.get(conversation)?.find((one) => one.number === number)
      if (!turn || turn.epoch >= (joined.get(place) ?? 0)) continue
      if (told.event === 'reply:end' || begun.has(`${place}.${number}.${told.args[1]}`))
        yield `${node} spoke in turn ${number} of ${conversation} after an agent had joined: ${told.event}`
    }
  }
}
