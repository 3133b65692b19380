/** Every time and bound of a turn, in one place. Milliseconds unless said otherwise. */
export interface TurnLimits {
  /** How long a node owns its turns without renewing. */
  lease: number
  /** How often it renews. */
  renewEvery: number
  /** A node that could not renew for this long stops speaking: somebody else may own its turns soon. */
  silentAfter: number
  /** How often a node looks for turns that nobody alive owns, and how many it takes at once. */
  reapEvery: number
  reapAtOnce: number
  /** Where so many run here, or the event loop is so late on average (0: however late), new ones are refused. */
  atOnce: number
  loopDelay: number
  /** How long a turn waits for a visitor who is still typing. */
  typingPause: number
  /** How long "is typing" holds without being said again. */
  typingHolds: number
  /** How many times a message may join a turn whose model has not yet said anything. */
  joins: number
  /** How long a search of the client's knowledge may take; then the answer is given without it. */
  knowledge: number
  /** Tokens that the answers to one visitor may spend in 24 hours. */
  visitorTokens: number
  /** How long a call waits for its visitor's yes, and how often what is decided elsewhere is looked for. */
  confirm: number
  confirmLook: number
  /** Between tries to commit an end, and to renew the lease, while the database is away. */
  endRetry: number
  /** How long a draining node lets its running replies finish. */
  drain: number
  /** How long who takes over waits for the owner of the interrupted turn to end it, and how often it looks. */
  handover: number
  handoverLook: number
}

export const TURN_LIMITS: TurnLimits = {
  lease: 6_000,
  renewEvery: 2_000,
  silentAfter: 4_000,
  reapEvery: 1_000,
  reapAtOnce: 20,
  atOnce: 1_000,
  loopDelay: 0,
  typingPause: 1_500,
  typingHolds: 6_000,
  joins: 3,
  knowledge: 1_500,
  visitorTokens: 1_000_000,
  confirm: 600_000,
  confirmLook: 1_000,
  endRetry: 250,
  drain: 10_000,
  handover: 2_000,
  handoverLook: 100,
}
