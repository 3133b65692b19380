import { migrations } from '../../migrations/index.ts'
import { readConfig, type Config } from '../config/config.ts'
import { readEnv } from '../config/env.ts'
import type { Database } from '../infra/database.ts'
import { keepSecret } from '../infra/kept-secret.ts'
import { createLogger } from '../infra/logger.ts'
import { createMigrator } from '../infra/migrator.ts'
import { openDatabase } from '../infra/open-database.ts'
import { StartError } from '../infra/start-error.ts'

type Work = (database: Database, config: Config) => Promise<number>

/**
 * Opens the configured database for one command, and closes it whatever comes. Throws `StartError` where its schema is
 * older than this program.
 */
export function withDatabase(work: Work): Promise<number> {
  return withAnySchema(async (database, config) => {
    const known = await createMigrator(database, migrations).status()
    if (known.some(({ applied_at }) => applied_at === null)) {
      throw new StartError(
        'The database’s schema is not up to date.',
        'Run "npm run parlor -- migrate" first.',
      )
    }
    return work(database, config)
  })
}

/** As `withDatabase`, whatever schema there is. */
export async function withAnySchema(work: Work): Promise<number> {
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
