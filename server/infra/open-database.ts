import type { Database } from './database.ts'
import { lockDataFolder } from './data-lock/index.ts'
import { startEmbeddedPostgres } from './embedded-postgres/index.ts'
import type { Logger } from './logger.ts'
import { createPostgres } from './postgres.ts'
import { readPostgresUrl } from './postgres-url.ts'
import type { StartError } from './start-error.ts'
import { describeUnreachable } from './unreachable.ts'

export interface DatabaseSettings {
  /** A checked `postgres://` URL; null: embedded Postgres in `dir`. */
  url: string | null
  /** Connections at most, for a `url`. */
  pool: number
  /** The data folder. Used, and locked for this process alone, in embedded mode only. */
  dir: string
}

/**
 * Opens the database and makes sure that it answers. Throws `StartError` saying what is wrong when it does not.
 * `onLost` is told when embedded Postgres, or the right to its folder, is lost later: the process must end then.
 */
export async function openDatabase(
  settings: DatabaseSettings,
  log: Logger,
  onLost: (error: StartError) => void,
): Promise<Database> {
  if (settings.url === null) return openEmbedded(settings.dir, log, onLost)
  const address = readPostgresUrl(settings.url)
  const database = createPostgres({ address, pool: settings.pool, keepsOpen: false, exclusive: false })
  try {
    await database.ping()
    return database
  } catch (error) {
    await database.close()
    throw describeUnreachable(error, address)
  }
}

async function openEmbedded(
  dir: string,
  log: Logger,
  onLost: (error: StartError) => void,
): Promise<Database> {
  const lock = await lockDataFolder({
    dir,
    onWait: () =>
      log.info('The data directory has a lock; waiting up to 10 s to see whether its owner lives'),
    onLost,
  })
  try {
    const onMaking = () => log.info('Making the database, which takes about 5 seconds')
    const server = await startEmbeddedPostgres({ dir, onMaking, onLost })
    const address = {
      host: server.host,
      port: server.port,
      database: 'postgres',
      username: 'postgres',
      tls: false as const,
    }
    const database = createPostgres({ address, pool: 1, keepsOpen: true, exclusive: true })
    return {
      ...database,
      close: async () => {
        await database.close()
        await server.close()
        await lock.release()
      },
    }
  } catch (error) {
    await lock.release()
    throw error
  }
}
