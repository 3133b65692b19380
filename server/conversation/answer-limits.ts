/** How long and how closely the answer to a message is waited for. Milliseconds unless said otherwise. */
export interface AnswerLimits {
  /** How long a request waits for its answer. */
  wait: number
  /** The same of a request to which the answer is told word by word. */
  stream: number
  /** How often Postgres is looked into for what happens on other nodes, and for how many messages at once. */
  lookEvery: number
  lookAtOnce: number
}

export const ANSWER_LIMITS: AnswerLimits = {
  wait: 90_000,
  stream: 600_000,
  lookEvery: 1_000,
  lookAtOnce: 500,
}
