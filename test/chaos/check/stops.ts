import { opsOf, type History } from '../history.ts'
import type { Truth } from '../truth.ts'

/** What was acked as stopped ends as stopped. */
export function* stopsHold(history: History, truth: Truth): Iterable<string> {
  const states = new Map(
    truth.turns.map(({ conversation_id, number, state }) => [`${conversation_id}.${number}`, state]),
  )
  for (const { who, conversation, turn } of opsOf(history, 'stopped')) {
    const state = states.get(`${conversation}.${turn}`)
    if (state !== 'stopped')
      yield `${who}: turn ${turn} of ${conversation} was stopped, and is ${String(state)}`
  }
}
