import type { Pieces } from '../pieces.ts'
import type { Redis } from './redis.ts'

/** Kept in Redis, for all nodes: a hash for each text, a field for each piece. */
export function createRedisPieces({ commands, presence }: Pick<Redis, 'commands' | 'presence'>): Pieces {
  let lives = 0
  // It may have come back empty.
  presence.on('back', () => lives++)
  return {
    get lives() {
      return lives
    },
    async put(key, name, piece, ttlMs) {
      try {
        await Promise.all([
          commands.hset(key, name, piece),
          ttlMs !== undefined && commands.pexpire(key, ttlMs),
        ])
        return true
      } catch {
        return false
      }
    },
    all: (key) => commands.hgetall(key).catch(() => ({})),
    drop: (key) => void commands.del(key).catch(() => undefined),
  }
}
