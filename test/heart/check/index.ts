import type { Witness } from '../witness.ts'
import { answersAreExact } from './answers.ts'
import { countersAgree, seqHasNoHoles } from './counters.ts'
import { agentsJoinInSilence } from './hands.ts'
import type { Kept } from './kept.ts'
import { livingNodesAreNotRobbed } from './leases.ts'
import { ackedIsKeptOnce, receiptsAgree, tellingsOfMessagesAgree } from './sends.ts'
import { toolsRunOnlyStoredSteps } from './steps.ts'
import { stopsHold } from './stops.ts'
import { streamsAgree } from './streams.ts'
import { summariesAreExact } from './summaries.ts'
import { turnsHaveOneEnd } from './turns.ts'
import { usageAgrees } from './usage.ts'

export type Invariant = (kept: Kept, witness: Witness) => Iterable<string>

/** What must hold of the heart once all is quiet, whatever has happened before. */
const INVARIANTS: Readonly<Record<string, Invariant>> = {
  'acked is kept once': ackedIsKeptOnce,
  'receipts agree': receiptsAgree,
  'messages are told as kept': tellingsOfMessagesAgree,
  'seq has no holes': seqHasNoHoles,
  'counters agree': countersAgree,
  'turns have one end': turnsHaveOneEnd,
  'answers are exact': answersAreExact,
  'agents join in silence': agentsJoinInSilence,
  'stops hold': stopsHold,
  'tools run only stored steps': toolsRunOnlyStoredSteps,
  'streams agree': streamsAgree,
  'summaries are exact': summariesAreExact,
  'usage agrees': usageAgrees,
  'living nodes are not robbed': livingNodesAreNotRobbed,
  'constraints hold': (kept) => kept.brokenConstraints,
  'nothing breaks': (_kept, witness) => witness.errors,
}

/** Every breach of an invariant, each as `invariant: what was seen`; none when all is well. */
export function checkHeart(kept: Kept, witness: Witness): string[] {
  return Object.entries(INVARIANTS).flatMap(([name, invariant]) =>
    [...invariant(kept, witness)].map((breach) => `${name}: ${breach}`),
  )
}
