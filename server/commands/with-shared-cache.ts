import type { Config } from '../config/config.ts'
import type { Cache } from '../infra/cache.ts'
import type { Database } from '../infra/database.ts'
import { createLogger } from '../infra/logger.ts'
import { createRedisCache } from '../infra/redis/cache.ts'
import { openRedis } from '../infra/redis/redis.ts'

/**
 * Does something with what servers have cached, as far as one command can reach it: in their Redis, or nothing, for what
 * they have in their own memory. Throws `StartError` where Redis is named and cannot be had.
 */
export async function withSharedCache<T>(
  { redis: { url }, log }: Config,
  { exclusive }: Pick<Database, 'exclusive'>,
  work: (cache: Cache) => Promise<T>,
): Promise<T> {
  if (url === null) return work(outOfReach(exclusive))
  const redis = await openRedis(url, createLogger(log))
  try {
    return await work(createRedisCache(redis))
  } finally {
    redis.close()
  }
}

/** Where only this process has the database, no server runs, and nothing is cached. */
function outOfReach(exclusive: boolean): Cache {
  return {
    get: () => Promise.resolve(null),
    set: () => Promise.resolve(),
    delete: () => Promise.resolve(exclusive),
  }
}
