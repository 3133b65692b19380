import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { migrations } from '../../migrations/index.ts'
import type { Config } from '../config/config.ts'
import { FolderInUse } from '../infra/data-lock/index.ts'
import { DatabaseUnavailable, type Database } from '../infra/database.ts'
import { createLogger } from '../infra/logger.ts'
import { missingMessagePartitions } from '../infra/message-partitions.ts'
import { createMigrator } from '../infra/migrator.ts'
import { openDatabase } from '../infra/open-database.ts'
import { StartError } from '../infra/start-error.ts'
import { examineDataFolder } from './data-folder.ts'
import { findingsOf, type Finding } from './finding.ts'
import { examineServer, type WantedConnections } from './postgres-server.ts'

const { ok, warning, problem } = findingsOf('Database')

/** Days ahead for which messages should have their partitions, at the least. */
const DAYS_AHEAD = 2

/**
 * The database, and the folder of the embedded one. A folder in which nothing is yet stays as it is, and so does one
 * that another process uses.
 */
export async function* examineDatabase(config: Config): AsyncGenerator<Finding> {
  const { url, pool } = config.database
  const connections = url === null ? null : { pool, workers: config.workers }
  const { dir } = config.data
  if (url === null) {
    const folder = await examineDataFolder(dir)
    yield folder
    if (folder.state === 'problem') return
    if (!existsSync(join(dir, 'postgres'))) {
      yield ok('It will be made at the first start.')
      return
    }
  }
  try {
    const log = createLogger({ level: 'silent', pretty: false })
    const database = await openDatabase({ url, pool, dir }, log, () => undefined)
    try {
      yield* examineOpened(database, connections)
    } finally {
      await database.close()
    }
  } catch (error) {
    yield describeFault(error)
  }
}

/** `wanted` is null where the server is our own. */
async function* examineOpened(database: Database, wanted: WantedConnections | null): AsyncGenerator<Finding> {
  yield* examineServer(database, wanted)
  const status = await createMigrator(database, migrations).status()
  const known = new Set(migrations.map(({ name }) => name))
  const newer = status.filter(({ name }) => !known.has(name)).map(({ name }) => name)
  if (newer.length > 0) {
    const what = `Its schema is that of a newer Parlor (${newer.join(', ')}).`
    yield problem(`${what} Start the newer version, or revert its migrations with it first.`)
    return
  }
  const waiting = status.filter(({ applied_at }) => applied_at === null).map(({ name }) => name)
  if (waiting.length > 0) {
    yield warning(
      `${waiting.length} of ${status.length} migrations wait for the next start, or npm run migrate.`,
    )
    return
  }
  yield ok(`The schema is up to date (${status.at(-1)?.name ?? 'empty'}).`)
  yield* examinePartitions(database)
}

async function* examinePartitions(database: Database): AsyncGenerator<Finding> {
  const missing = await missingMessagePartitions(database, DAYS_AHEAD)
  if (missing.length === 0) yield ok(`Messages of the next ${DAYS_AHEAD} days have their partitions.`)
  else {
    const what = `The partitions ${missing.join(', ')} are missing; messages of those days cannot be kept.`
    yield warning(`${what} Every start makes them, and a running server hourly: if one runs, see its log.`)
  }
}

function describeFault(error: unknown): Finding {
  if (error instanceof FolderInUse) return ok(`${error.what} What is in it was not looked at.`)
  if (error instanceof StartError || error instanceof DatabaseUnavailable) return problem(error.message)
  throw error
}
