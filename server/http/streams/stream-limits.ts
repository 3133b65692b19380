/** What one stream of events may cost, and how it is kept up. */
export interface StreamLimits {
  /** Milliseconds between two signs of life; proxies commonly give up after 30 s or 60 s of silence. */
  beatEvery: number
  /** Bytes that a reader may leave unread before it is cut off; it comes again and goes on from its last event. */
  unreadBytes: number
}

export const STREAM_LIMITS: StreamLimits = { beatEvery: 10_000, unreadBytes: 1024 * 1024 }
