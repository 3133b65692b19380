import { readConfig, type Config } from '../config/config.ts'
import { readEnv } from '../config/env.ts'
import type { Database } from '../infra/database.ts'
import { keepSecret } from '../infra/kept-secret.ts'
import { createLogger } from '../infra/logger.ts'
import { openDatabase } from '../infra/open-database.ts'

/** Opens the configured database for one command, and closes it whatever comes. */
export async function withDatabase(
  work: (database: Database, config: Config) => Promise<number>,
): Promise<number> {
  const config = readConfig(readEnv(), keepSecret)
  const settings = { ...config.database, dir: config.data.dir }
  const database = await openDatabase(settings, createLogger(config.log), (error) => {
    throw error
  })
  try {
    return await work(database, config)
  } finally {
    await database.close()
  }
}
