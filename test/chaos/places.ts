import { makeDataFolder } from '../support/databases.ts'
import { startOwnPostgres, type OwnPostgres } from '../support/own-postgres.ts'
import { startOwnRedis, type OwnRedis } from '../support/own-redis.ts'

/** Where everything is kept, and what nodes share. */
export interface Places {
  /** What a node is told of them. */
  env: Record<string, string>
  /** How the database is opened once more. */
  database: { url?: string; dir?: string }
  postgres?: OwnPostgres
  redis?: OwnRedis
  close: () => Promise<void>
}

const CONNECTIONS = 100

/** A Postgres of its own, or an embedded one; and a Redis where there are several nodes. */
export async function openPlaces(kind: 'postgres' | 'embedded', nodes: number): Promise<Places> {
  if (kind === 'embedded') {
    const { dir, remove } = await makeDataFolder()
    return { env: { DATA_DIR: dir }, database: { dir }, close: remove }
  }
  const postgres = await startOwnPostgres({ connections: CONNECTIONS })
  const { url } = postgres
  if (nodes === 1)
    return { env: { DATABASE_URL: url }, database: { url }, postgres, close: () => postgres.close() }
  const redis = await startOwnRedis().catch(async (error: unknown) => {
    await postgres.close()
    throw error
  })
  return {
    env: { DATABASE_URL: url, REDIS_URL: redis.url },
    database: { url },
    postgres,
    redis,
    async close() {
      await redis.close()
      await postgres.close()
    },
  }
}
