/** What the wire carries at most. Both ends read this table; per-plan limits live with the plans. */
export const WIRE_LIMITS = {
  /** Characters (code points) of one visitor's or agent's message. */
  text: 4_000,
  /** Characters of the id a client gives its own message. */
  clientMessageId: 64,
  /** Messages in one page of history, and the number sent when no limit is asked. */
  historyPage: 100,
  historyDefault: 50,
  /** Bytes of one frame or request body. */
  payload: 32 * 1024,
} as const

/** How much one visitor and one address may do. `RATE_LIMITS=off` lifts the rates for load tests. */
export const RATES = {
  /** Messages a minute of one visitor. */
  visitorMessagesPerMinute: 10,
  /** Messages a minute from one address. */
  addressMessagesPerMinute: 60,
  /** Sockets open at once from one address. */
  addressSockets: 20,
  /** Sessions started in a minute from one address. */
  addressSessionsPerMinute: 30,
  /** Secret keys tried in a minute from one address that are not known to be right. */
  addressWrongKeysPerMinute: 30,
  /** Requests of any kind on one socket: a bucket of `burst`, refilled at `perSecond`. */
  socketRequests: { perSecond: 20, burst: 60 },
} as const
