/** Every key under which something is kept outside of Postgres, in memory as in Redis. */
export const KEYS = {
  /** What a session's last turn had read. */
  conversation: (sessionId: string) => `conversation:${sessionId}`,
  /** An answer that may be given again. */
  answer: (hash: string) => `cache:${hash}`,
  /** What a system of a client has answered. */
  integration: (hash: string) => `cache:${hash}`,
  /** The channel on which nodes tell each other what concerns a session. */
  events: (sessionId: string) => `events:${sessionId}`,
  /** The channel on which nodes tell of turns that they leave to others. */
  leftTurns: () => 'turns:left',
  /** What the running reply of a conversation has said so far, piece by piece. */
  reply: (conversationId: string) => `reply:${conversationId}`,
  /** A channel that is empty: who listens to it wants to hear of the inbox. */
  inbox: 'inbox',
  /** Who runs the turn of a session's conversation. */
  conversationLock: (sessionId: string) => `lock:conversation:${sessionId}`,
  /** How often `who` did something in one window, counted from 1970: minutes by their number; a client by its id alone. */
  rateLimit: (who: string, window: number | string) => `rate_limit:${who}:${window}`,
} as const
