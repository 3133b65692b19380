import { randomBytes } from 'node:crypto'
import { createEmptyDatabase } from '../test/support/databases.ts'
import { startOwnRedis } from '../test/support/own-redis.ts'

/** The real services that contenders stand on. All of them get the same ones, each a database of its own. */
export interface Surroundings {
  redisUrl: string
  /** Makes an empty database, and gives its address. */
  database(): Promise<string>
  /** Ends them and drops what was made. */
  close(): Promise<void>
}

/** Starts a Redis, and uses the Postgres at `TEST_DATABASE_URL`, which `npm run bench` starts where there is none. */
export async function openSurroundings(): Promise<Surroundings> {
  const redis = await startOwnRedis()
  // A run that is broken off leaves none behind: its end is asked for at once, whoever waits for it.
  const abandon = () => void redis.close()
  process.once('exit', abandon)
  const drops: (() => Promise<void>)[] = []
  return {
    redisUrl: redis.url,
    async database() {
      const { url, drop } = await createEmptyDatabase()
      drops.push(drop)
      return url
    },
    async close() {
      for (const drop of drops) await drop()
      process.off('exit', abandon)
      await redis.close()
    },
  }
}

/** Secrets that a server with a database of its own wants to be given. */
export function secrets(): Record<string, string> {
  return { JWT_SECRET: randomBytes(32).toString('hex'), ENCRYPTION_KEY: randomBytes(32).toString('hex') }
}
