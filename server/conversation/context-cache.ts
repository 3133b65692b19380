import type { Cache } from '../infra/cache.ts'
import { KEYS } from '../infra/keys.ts'
import type { Address } from './publisher.ts'
import type { Spoken } from './spoken.ts'

/** What the last turn of a conversation had read. */
export interface KnownContext {
  /** Everything up to here was looked at. */
  last_seq: number
  spoken: Spoken[]
}

/**
 * What was read for a session's last turn, so that the next one reads only what came later. It saves reading and never
 * changes what is read: messages do not change, and the summary is read anew each time.
 */
export interface ContextCache {
  /** Null where nothing is known of this very conversation. */
  recall(of: Address): Promise<KnownContext | null>
  keep(of: Address, context: KnownContext): void
  /** Resolves to false where it may still be known: the cache could not be reached. */
  forget(sessionId: string): Promise<boolean>
}

/** Milliseconds for which it is kept. */
const KEPT_FOR = 3_600_000

/** Raised when what is kept changes: nodes of two releases may share a cache. */
const VERSION = 2

export function createContextCache(cache: Cache): ContextCache {
  return {
    async recall({ session_id, conversation_id }) {
      const kept = await cache.get(KEYS.conversation(session_id))
      if (kept === null) return null
      const found = JSON.parse(kept) as KnownContext & { version: number; conversation_id: string }
      return found.version === VERSION && found.conversation_id === conversation_id ? found : null
    },
    keep({ session_id, conversation_id }, context) {
      const value = JSON.stringify({ version: VERSION, conversation_id, ...context })
      void cache.set(KEYS.conversation(session_id), value, KEPT_FOR)
    },
    forget: (sessionId) => cache.delete(KEYS.conversation(sessionId)),
  }
}
