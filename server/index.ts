import { migrations } from '../migrations/index.ts'
import { defineModels } from '../models/index.ts'
import { createApp, type App, type AppParts } from './app.ts'
import { makeFirstOwner, type Credentials } from './auth/admins/first-owner.ts'
import { createAdmins } from './auth/admins/keep-admins.ts'
import { createPasswords } from './auth/admins/passwords.ts'
import type { Config } from './config/config.ts'
import type { LoadConfig } from './config/load.ts'
import { seedDemoTools } from './demo/seed-tools.ts'
import { describeFailure } from './failure.ts'
import { greet } from './greeting.ts'
import { describeListenFailure } from './infra/listen-failure.ts'
import { createLogger, type Logger } from './infra/logger.ts'
import { ensureMessagePartitions, keepMessagePartitions } from './infra/message-partitions.ts'
import { createMigrator } from './infra/migrator.ts'
import type { Database } from './infra/database.ts'
import { nextSignal } from './infra/next-signal.ts'
import { openDatabase } from './infra/open-database.ts'
import { openRedis } from './infra/redis/redis.ts'
import { StartError } from './infra/start-error.ts'
import { seedDemo } from './seed.ts'

/**
 * How long all else may take once running answers have had their time, in milliseconds. Closing a database that does
 * not answer takes 5 s more, and Kubernetes kills after 30 s.
 */
const LETTING_GO_MS = 9_000

/** How a process that serves stands to whoever started it. */
export interface Service {
  /** The parts of the app, where a test has put something of its own into them. */
  changed?: (parts: AppParts) => AppParts
  /** Called once it takes connections. */
  serving(at: { url: string; engine: string }): void | Promise<void>
  /** Asked once it takes connections: resolves with why it shall end. */
  ended(): Promise<string>
}

/**
 * The process: opens the database, brings it up to date, serves until SIGTERM or SIGINT, drains. Resolves with the
 * exit code. Throws `StartError` for what the operator can mend. `changed` is for tests: the parts that they have put
 * something of their own into.
 */
export async function run(
  config: Config,
  changed: (parts: AppParts) => AppParts = (parts) => parts,
): Promise<number> {
  const log = createLogger(config.log)
  await withDatabase(config, log, async (database) => {
    await prepare(database, config, log)
    const serving: Service['serving'] = async ({ url, engine }) => {
      const owner = await makeOwner(database, config)
      greet({ url: config.http.publicUrl ?? url, engine, owner, config, log })
    }
    await serveOver({ config, log, database }, { changed, serving, ended: nextSignal })
  })
  return 0
}

/** Opens the database for as long as `work` takes; whatever nothing handles meanwhile ends the process. */
export async function withDatabase(
  config: Config,
  log: Logger,
  work: (database: Database) => Promise<void>,
): Promise<void> {
  const die = endProcess(log)
  process.on('uncaughtException', die)
  process.on('unhandledRejection', die)
  const database = await openDatabase({ ...config.database, dir: config.data.dir }, log, die)
  try {
    await work(database)
  } finally {
    await database.close()
  }
}

/** Brings the database up to date, and the demo shop into it where that is wanted. */
export async function prepare(database: Database, config: Config, log: Logger): Promise<void> {
  if (!config.rateLimits) log.warn('RATE_LIMITS=off: nobody is limited; this is for load tests only')
  const applied = await createMigrator(database, migrations).migrate()
  if (applied.length > 0) log.info({ applied }, 'The schema was brought up to date')
  await ensureMessagePartitions(database)
  if (!config.seedDemo) return
  await seedDemo(database)
  await seedDemoTools(database, config, log)
}

/**
 * Makes the owner whom the configuration names, or, where the embedded database has none, somebody whose password is to
 * be told now: so not before everything else has worked. Null where there is nothing to tell.
 */
export async function makeOwner(database: Database, config: Config): Promise<Credentials | null> {
  if (config.firstOwner === null && config.database.url !== null) return null
  const models = defineModels(database.sequelize)
  const admins = createAdmins({ database, passwords: createPasswords() }, models)
  return makeFirstOwner(admins, models, config.firstOwner)
}

/** Serves over a database that is up to date, beside other nodes where they share a Redis. Drains before it resolves. */
export async function serveOver(own: AppParts, service: Service): Promise<void> {
  const { config, log, database } = own
  const partitions = await keepMessagePartitions(database, log)
  try {
    const redis = config.redis.url === null ? null : await openRedis(config.redis.url, log)
    try {
      const parts = { ...own, ...(redis && { redis }) }
      await serve(await createApp(service.changed?.(parts) ?? parts), config, log, service)
    } finally {
      redis?.close()
    }
  } finally {
    partitions.stop()
  }
}

async function serve(app: App, { http, load }: Config, log: Logger, service: Service): Promise<void> {
  try {
    const at = await app.listen().catch((error: unknown) => {
      throw describeListenFailure(error, http)
    })
    // Listened for first: whoever is told that we serve may ask us to end at once.
    const ended = service.ended()
    await service.serving(at)
    log.info({ reason: await ended }, 'Draining: new work is refused, running answers end')
  } finally {
    await drain(app, load.drain, log)
  }
}

/** Milliseconds until a process that goes away does not wait for anything any more, except its database. */
export function longestDrain({ delay, limit }: LoadConfig['drain']): number {
  return Math.max(delay, limit) + LETTING_GO_MS
}

async function drain(app: App, allowed: LoadConfig['drain'], log: Logger): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'late'>(
    (resolve) => (timer = setTimeout(() => resolve('late'), longestDrain(allowed))),
  )
  try {
    if ((await Promise.race([app.close(), late])) === 'late') log.warn('Not everything ended in time')
  } finally {
    clearTimeout(timer)
  }
}

/** The last resort: whatever could not be handled is told, and the process ends before it does harm. */
function endProcess(log: Logger): (error: unknown) => never {
  return (error) => {
    if (error instanceof StartError) process.stderr.write(`${describeFailure(error)}\n`)
    else log.fatal({ err: error }, 'Parlor ends, because of an error that nothing handled')
    process.exit(1)
  }
}
