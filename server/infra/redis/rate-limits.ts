import { KEYS } from '../keys.ts'
import { WINDOWS, type RateLimits, type Window } from '../rate-limit.ts'
import type { Redis } from './redis.ts'

/** KEYS[1] what is counted ARGV[1] how many at most ARGV[2] milliseconds until it is forgotten; 1: one was taken */
const TAKE = `
  local taken = tonumber(redis.call('GET', KEYS[1]) or '0')
  if taken >= tonumber(ARGV[1]) then return 0 end
  redis.call('INCR', KEYS[1])
  if taken == 0 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
  return 1`

/** Counts in Redis, for all nodes together; while it is away, `alone` counts for each node by itself. */
export function createRedisRateLimits(
  { commands }: Pick<Redis, 'commands'>,
  alone: RateLimits,
  now: () => number = Date.now,
): RateLimits {
  return {
    async take(key, rate) {
      const at = now()
      const length = WINDOWS[rate.per]
      const window = Math.floor(at / length)
      try {
        const counted = KEYS.rateLimit(key, nameOf(window, rate.per))
        const taken = await commands.eval(TAKE, 1, counted, rate.most, length)
        if (taken === 1) return { allowed: true, retryAfterMs: 0 }
        return { allowed: false, retryAfterMs: (window + 1) * length - at }
      } catch {
        return alone.take(key, rate)
      }
    },
  }
}

/** A minute by its number alone, as whoever reads the keys expects it. */
function nameOf(window: number, per: Window): number | string {
  return per === 'minute' ? window : `${per}-${window}`
}
