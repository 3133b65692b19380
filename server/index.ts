import { migrations } from '../migrations/index.ts'
import { createApp, type App, type AppParts } from './app.ts'
import type { Config } from './config/config.ts'
import { describeFailure } from './failure.ts'
import { greet } from './greeting.ts'
import { createLogger, type Logger } from './infra/logger.ts'
import { keepMessagePartitions } from './infra/message-partitions.ts'
import { createMigrator } from './infra/migrator.ts'
import type { Database } from './infra/database.ts'
import { openDatabase } from './infra/open-database.ts'
import { openRedis } from './infra/redis/redis.ts'
import { StartError } from './infra/start-error.ts'
import { seedDemo } from './seed.ts'

/**
 * How long running answers and open connections may take to end, in milliseconds. Closing a database that does not
 * answer takes 5 s more, and Kubernetes kills after 30 s.
 */
const DRAIN_MS = 20_000
/** How long a signal may echo, in milliseconds. */
const ECHO_MS = 500

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
  const die = endProcess(log)
  process.on('uncaughtException', die)
  process.on('unhandledRejection', die)
  if (!config.rateLimits) log.warn('RATE_LIMITS=off: nobody is limited; this is for load tests only')

  const database = await openDatabase({ ...config.database, dir: config.data.dir }, log, die)
  try {
    const applied = await createMigrator(database, migrations).migrate()
    if (applied.length > 0) log.info({ applied }, 'The schema was brought up to date')
    const partitions = await keepMessagePartitions(database, log)
    try {
      if (config.seedDemo) await seedDemo(database)
      await serveWith({ config, log, database }, changed)
    } finally {
      partitions.stop()
    }
  } finally {
    await database.close()
  }
  return 0
}

/** Beside other nodes, where they share a Redis. */
async function serveWith(own: AppParts, changed: (parts: AppParts) => AppParts): Promise<void> {
  const { config, log } = own
  const redis = config.redis.url === null ? null : await openRedis(config.redis.url, log)
  try {
    await serve(await createApp(changed({ ...own, ...(redis && { redis }) })), config, log)
  } finally {
    redis?.close()
  }
}

async function serve(app: App, config: Config, log: Logger): Promise<void> {
  try {
    const { url, engine } = await listen(app, config)
    // Listened for first: whoever reads the greeting may ask us to end at once.
    const ended = nextSignal()
    greet({ url: config.http.publicUrl ?? url, engine, config, log })
    const signal = await ended
    log.info({ signal }, 'Draining: new work is refused, running answers end')
  } finally {
    await drain(app, log)
  }
}

async function listen(app: App, { http }: Config): Promise<{ url: string; engine: string }> {
  try {
    return await app.listen()
  } catch (error) {
    throw describeListenFailure(error, http)
  }
}

function describeListenFailure(error: unknown, { host, port }: Config['http']): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  switch (code) {
    case 'EADDRINUSE':
      return new StartError(
        `Port ${port} of ${host} is taken.`,
        'Stop what uses it, or set PORT to another one.',
        error,
      )
    case 'EACCES':
      return new StartError(`This user may not listen on port ${port}.`, 'Set PORT to one above 1023.', error)
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new StartError(
        `This machine has no address "${host}".`,
        'Set HOST to one it has, or 0.0.0.0 for all.',
        error,
      )
    default:
      return error
  }
}

/**
 * Resolves at the first signal to end; a later one ends the process at once. Ctrl-C under npm arrives twice, from
 * the terminal and from npm, and means one.
 */
function nextSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let first: number | null = null
    const take = (signal: NodeJS.Signals) => {
      first ??= performance.now()
      if (performance.now() - first > ECHO_MS) process.exit(1)
      resolve(signal)
    }
    process.on('SIGTERM', take)
    process.on('SIGINT', take)
  })
}

async function drain(app: App, log: Logger): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<'late'>((resolve) => (timer = setTimeout(() => resolve('late'), DRAIN_MS)))
  try {
    if ((await Promise.race([app.close(), limit])) === 'late') log.warn('Not everything ended in time')
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
