import { byTab, opsOf, type History } from '../history.ts'
import type { FaultKind } from '../plan.ts'
import { Transcript } from '../transcript.ts'

/** While these last, and a little longer, pieces may be lost between nodes: the end is found in Postgres. */
const PARTING: readonly FaultKind[] = [
  ...(['kill', 'freeze', 'drain', 'rolling restart'] as const),
  ...(['kill subscribers', 'restart redis', 'freeze redis'] as const),
]
const A_LITTLE_MS = 6_000

/**
 * Over one connection the pieces of an attempt are contiguous, from where it was told to begin, and make the text that
 * its end tells; where nodes could not hear each other meanwhile, its beginning. Each tab's own copy is put together
 * again to see it.
 */
export function* streamsAgree(history: History): Iterable<string> {
  const partings = partingsOf(history)
  for (const [tab, ops] of byTab(history)) {
    const copy = new Transcript()
    for (const op of ops) copy.take(op)
    for (const breach of copy.breaches) yield `${tab}: ${breach}`
    for (const { turn, from, to } of copy.cutShort)
      if (!partings.some((one) => one.from <= to && from <= one.to))
        yield `${tab}: turn ${turn} ended before all of its text was told`
  }
}

/** How many ends were compared with what had been streamed. */
export function countStreams(history: History): number {
  let compared = 0
  for (const ops of byTab(history).values()) {
    const copy = new Transcript()
    for (const op of ops) copy.take(op)
    compared += copy.compared
  }
  return compared
}

function partingsOf(history: History): { from: number; to: number }[] {
  const ends = opsOf(history, 'is over')
  return opsOf(history, 'suffers')
    .filter(({ fault }) => PARTING.includes(fault))
    .map(({ fault, at }) => {
      const over = ends.find((end) => end.fault === fault && end.at >= at)
      return { from: at, to: (over?.at ?? Infinity) + A_LITTLE_MS }
    })
}
