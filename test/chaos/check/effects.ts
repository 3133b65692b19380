import { groupBy } from '../../heart/check/groups.ts'
import type { KeptTurn } from '../../heart/check/kept.ts'
import type { History } from '../history.ts'
import type { Truth } from '../truth.ts'

interface Call {
  turn: KeptTurn | undefined
  name: string
  key: string
}

/**
 * Whatever happened outside was asked for by a step that is kept, under that step's key and no other: who counts by the
 * key does it once. It is asked for again only by a later attempt, and at least once where the turn went on.
 */
export function* effectsHappenOnce(_history: History, truth: Truth): Iterable<string> {
  const calls = callsOf(truth)
  const effects = groupBy(truth.effects, ({ nonce }) => nonce)
  for (const [nonce, asked] of effects) {
    const call = calls.get(nonce)
    const [first] = asked
    if (!call) yield `an effect happened for a step that is not kept: ${nonce}, under ${String(first?.key)}`
    else if (asked.some(({ key }) => key !== call.key))
      yield `${call.name}: its effect was asked for as ${asked.map(({ key }) => key).join(' and ')}, not ${call.key}`
    else if (asked.length > (call.turn?.attempt ?? 0))
      yield `${call.name}: its effect was asked for ${asked.length} times in ${String(call.turn?.attempt)} attempts`
  }
  for (const [nonce, { name, turn }] of calls)
    if (turn?.state === 'complete' && !effects.has(nonce)) yield `${name}: its effect never happened`
}

function callsOf(truth: Truth): Map<string, Call> {
  const turns = new Map(truth.turns.map((turn) => [`${turn.conversation_id}.${turn.number}`, turn]))
  return new Map(
    truth.steps.flatMap(({ conversation_id, turn, step, body }) =>
      body.calls.map((call, position): [string, Call] => {
        const key = `${step}.${position}`
        const owner = turns.get(`${conversation_id}.${turn}`)
        return [
          String(call.arguments?.['nonce']),
          { turn: owner, key, name: `${conversation_id}: step ${key} of turn ${turn}` },
        ]
      }),
    ),
  )
}
