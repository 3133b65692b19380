import { groupBy } from '../../heart/check/groups.ts'
import { byTab, opsOf, type History, type Op } from '../history.ts'
import type { Truth } from '../truth.ts'

/**
 * No tab hears text of the AI after it was told that an agent has joined. What a node begins that has not heard of it
 * is of an older epoch, which says so at once, and a client passes over it.
 */
export function* agentsJoinInSilence(history: History, truth: Truth): Iterable<string> {
  for (const [tab, ops] of byTab(history)) yield* silenceAfterJoining(tab, ops)
  const turns = groupBy(truth.turns, (turn) => turn.conversation_id)
  for (const { conversation_id, action, epoch, at } of truth.changes) {
    if (action !== 'conversation.taken_over') continue
    for (const turn of turns.get(conversation_id) ?? [])
      if (turn.epoch < epoch && turn.state === 'complete' && (turn.ended_at ?? at) > at)
        yield `${conversation_id}: turn ${turn.number} was completed after an agent had taken over`
  }
}

function* silenceAfterJoining(tab: string, ops: readonly Op[]): Iterable<string> {
  const epochs = new Map<string, number>()
  let joined = 0
  for (const op of ops) {
    if (op.op === 'connects') joined = 0
    if (op.op !== 'told') continue
    if (op.event === 'agent:joined') joined = op.args[0].epoch
    else if (op.event === 'reply:start') {
      const { turn, attempt, epoch } = op.args[0]
      // Begun after the agent came: of an older epoch it is passed over.
      if (epoch >= joined) epochs.set(`${turn}.${attempt}`, epoch)
    } else if (op.event === 'session:ready' && op.args[0].reply) {
      const { turn, attempt, epoch } = op.args[0].reply
      epochs.set(`${turn}.${attempt}`, epoch)
    } else if (op.event === 'reply:delta') {
      const [turn, attempt]: [number, number, ...unknown[]] = op.args
      if ((epochs.get(`${turn}.${attempt}`) ?? joined) < joined)
        yield `${tab}: heard a piece of ${turn}.${attempt} after an agent had joined`
    }
  }
}

/** Every change of hands that was acked is in the audit log. */
export function* handsAreKept(history: History, truth: Truth): Iterable<string> {
  const kept = new Set(
    truth.changes.map(({ conversation_id, action, epoch }) => `${conversation_id} ${action} ${epoch}`),
  )
  for (const { who, conversation, epoch } of opsOf(history, 'took over'))
    if (!kept.has(`${conversation} conversation.taken_over ${epoch}`))
      yield `${who}: took ${conversation} over in epoch ${epoch}, of which nothing is kept`
}
