import type { Cache } from '../cache.ts'
import type { Redis } from './redis.ts'

/** A text longer than this, in UTF-16 units, is not worth its way to Redis and back. */
const LONGEST = 512 * 1024

/** Keeps in Redis, for all nodes. */
export function createRedisCache({ commands }: Pick<Redis, 'commands'>): Cache {
  return {
    get: (key) => commands.get(key).catch(() => null),
    async set(key, value, ttlMs) {
      if (value.length > LONGEST) return
      await commands.set(key, value, 'PX', Math.max(1, Math.round(ttlMs))).catch(() => undefined)
    },
    delete: (key) =>
      commands.del(key).then(
        () => true,
        () => false,
      ),
  }
}
