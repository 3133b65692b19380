/** What one question to a client's database may take. Milliseconds unless said otherwise. */
export const DATABASE_LIMITS = {
  /** All of it: connecting, asking, reading. */
  deadline: 10_000,
  connect: 5_000,
  /** For a row or table that somebody else holds. */
  lock: 1_000,
  /** How soon a Postgres notices that nobody waits any more. */
  notice: 500,
  /** Rows that are given. */
  rows: 50,
  /** Bytes of them as JSON: what a call's answer may have, without what stands around them. */
  bytes: 64 * 1024 - 1_024,
  /** Characters of one value. */
  text: 8_000,
  /** Bytes that are taken from the connection: columns that are not given count too. */
  received: 8 * 1024 * 1024,
  /** Questions to one database at the same time, and of those that wait. */
  together: 4,
  waiting: 32,
  /** Databases whose questions are counted at once. */
  counted: 2_000,
} as const
