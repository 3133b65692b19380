/** How many messages, and how many tokens by our estimate. */
export interface Extent {
  messages: number
  tokens: number
}

/** How much of a conversation a model reads, and when its older part is summed up. */
export interface MemoryLimits {
  /** What a model reads of the messages after the summary, at most. */
  read: Extent
  /** Tokens of one message; a longer one is shortened in its middle. */
  message: number
  /** As soon as one of these stands after the summary, the older part is summed up: before anything falls out. */
  full: Extent
  /** What remains after the summary then. Between two summaries the beginning stays as it is, for vendors' caches. */
  remain: Extent
  /** Tokens of a summary; a longer one is cut at the end of a sentence. */
  summary: number
  /** Tokens that the model which sums up reads in one call. */
  gulp: number
  /** Calls in a row for one conversation. */
  gulps: number
  /** Milliseconds of one such call. */
  time: number
  /** Conversations that one node sums up at once, and that may wait for it. */
  atOnce: number
  waiting: number
}

export const MEMORY_LIMITS: MemoryLimits = {
  read: { messages: 20, tokens: 6_000 },
  message: 2_500,
  full: { messages: 18, tokens: 4_500 },
  remain: { messages: 10, tokens: 3_000 },
  summary: 400,
  gulp: 6_000,
  gulps: 5,
  time: 30_000,
  atOnce: 4,
  waiting: 200,
}
