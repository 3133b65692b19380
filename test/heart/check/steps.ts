import type { Witness } from '../witness.ts'
import { groupBy } from './groups.ts'
import type { Kept } from './kept.ts'

/**
 * Tools run what a stored step says, under that step's key; a step is stored neither after its turn's end, nor after
 * the conversation changed hands, nor by an attempt that a later one had fenced.
 */
export function* toolsRunOnlyStoredSteps(kept: Kept, witness: Witness): Iterable<string> {
  const keys = new Map<string, string>()
  for (const step of kept.steps)
    for (const [position, call] of step.body.calls.entries())
      keys.set(String(call.arguments?.['nonce']), `${step.step}.${position}`)
  for (const { nonce, key } of witness.executions) {
    const stored = keys.get(nonce)
    if (stored === undefined) yield `a tool ran as ${key} for a step that is not kept`
    else if (stored !== key) yield `a tool ran as ${key}, and its step is kept as ${stored}`
  }
  const turns = new Map(kept.turns.map((turn) => [`${turn.conversation_id}.${turn.number}`, turn]))
  const changes = groupBy(kept.changes, (change) => change.conversation_id)
  const owners = groupBy(witness.ownerships, (one) => `${one.conversation}.${one.turn}`)
  for (const step of kept.steps) {
    const key = `${step.conversation_id}.${step.turn}`
    const turn = turns.get(key)
    const name = `step ${step.step} of turn ${key}`
    if (!turn?.ended_at || step.created_at > turn.ended_at) yield `${name} was stored after the turn's end`
    const handed = changes.get(step.conversation_id)?.find((change) => change.epoch > (turn?.epoch ?? 0))
    if (handed && step.created_at > handed.at) yield `${name} was stored after the conversation changed hands`
    const fence = owners.get(key)?.find((owner) => owner.attempt > step.attempt)
    if (fence && step.created_at.getTime() > fence.at)
      yield `${name} was stored by an attempt that was fenced`
  }
}
