import type { Locks } from '../locks.ts'
import type { Redis } from './redis.ts'

/** KEYS[1] the lock ARGV[1] its owner ARGV[2] milliseconds: only an owner may hold on to what it has. */
const RENEW = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end return 0`
const RELEASE = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`

/** Locks that all nodes see: a key each, set where there was none (https://redis.io/docs/latest/commands/set/). */
export function createRedisLocks({ commands }: Pick<Redis, 'commands'>): Locks {
  const isOne = (answer: unknown): boolean => answer === 1
  const never = (): false => false
  return {
    take: (key, owner, ttlMs) =>
      commands.set(key, owner, 'PX', ttlMs, 'NX').then((answer) => answer === 'OK', never),
    renew: (key, owner, ttlMs) => commands.eval(RENEW, 1, key, owner, ttlMs).then(isOne, never),
    release: (key, owner) =>
      commands.eval(RELEASE, 1, key, owner).then(
        () => undefined,
        () => undefined,
      ),
  }
}
