/** Times and bounds of handing over. Milliseconds unless said otherwise. */
export interface HandoffLimits {
  /** How often a node looks who waits, and whose request has lapsed. */
  lookEvery: number
  /** How soon it looks again where it knows that a queue has moved. */
  lookAgain: number
  /** Requests that lapse in one statement. */
  lapseAtOnce: number
  /** Visitors of one client, from the front of its queue, that are told when their position changes. */
  toldPositions: number
  /** How often a node says which people are connected to it, and how long they count as there. */
  seenEvery: number
  seenFor: number
  /** How long what was read of a client's team holds. */
  teamKept: number
  /** How long a visitor is left without an answer by a person who is not there any more. */
  silence: number
  /** Ended turns that are judged by the rules at once. */
  judgedAtOnce: number
}

export const HANDOFF_LIMITS: HandoffLimits = {
  lookEvery: 1_000,
  lookAgain: 100,
  lapseAtOnce: 50,
  toldPositions: 200,
  seenEvery: 20_000,
  seenFor: 60_000,
  teamKept: 2_000,
  silence: 600_000,
  judgedAtOnce: 100,
}
