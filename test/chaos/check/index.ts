import { answersAreExact } from '../../heart/check/answers.ts'
import { countersAgree, seqHasNoHoles } from '../../heart/check/counters.ts'
import { receiptsAgree } from '../../heart/check/sends.ts'
import { turnsHaveOneEnd } from '../../heart/check/turns.ts'
import { usageAgrees } from '../../heart/check/usage.ts'
import type { History } from '../history.ts'
import type { Truth } from '../truth.ts'
import { ackedIsKept, keptWasSent } from './acked.ts'
import { copiesAgree } from './copies.ts'
import { effectsHappenOnce } from './effects.ts'
import { agentsJoinInSilence, handsAreKept } from './hands.ts'
import { sendsStayInOrder } from './order.ts'
import { nobodyIsRefused } from './refusals.ts'
import { stopsHold } from './stops.ts'
import { streamsAgree } from './streams.ts'
import { textsAreWhatTheModelSaid } from './texts.ts'
import { waitingRequestsHeardTheEnd } from './answered.ts'

export type Invariant = (history: History, truth: Truth) => Iterable<string>

/** What must hold once all is quiet, whatever has happened before. Those of the heart look at what is kept alone. */
export const INVARIANTS = {
  'acked is kept': ackedIsKept,
  'kept was sent': keptWasSent,
  'receipts agree': (_history, truth) => receiptsAgree(truth),
  'sends stay in order': sendsStayInOrder,
  'nobody is refused': nobodyIsRefused,
  'seq has no holes': (_history, truth) => seqHasNoHoles(truth),
  'counters agree': (_history, truth) => countersAgree(truth),
  'turns have one end': (_history, truth) => turnsHaveOneEnd(truth),
  'answers are exact': (_history, truth) => answersAreExact(truth),
  'texts are what the model said': textsAreWhatTheModelSaid,
  'streams agree': streamsAgree,
  'copies agree': copiesAgree,
  'agents join in silence': agentsJoinInSilence,
  'hands are kept': handsAreKept,
  'stops hold': stopsHold,
  'effects happen once': effectsHappenOnce,
  'waiting requests heard the end': waitingRequestsHeardTheEnd,
  'usage agrees': (_history, truth) => usageAgrees(truth),
  'constraints hold': (_history, truth) => truth.brokenConstraints,
} satisfies Record<string, Invariant>

export type InvariantName = keyof typeof INVARIANTS

/** Every breach, each as `invariant: what was seen`; none when all is well. It asks nothing but the two. */
export function checkHistory(history: History, truth: Truth): string[] {
  return Object.entries<Invariant>(INVARIANTS).flatMap(([name, invariant]) =>
    [...invariant(history, truth)].map((breach) => `${name}: ${breach}`),
  )
}
