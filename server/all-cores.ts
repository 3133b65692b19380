import type { Config } from './config/config.ts'
import { greet } from './greeting.ts'
import { longestDrain, makeOwner, prepare, serveOver, withDatabase } from './index.ts'
import { DatabaseUnavailable } from './infra/database.ts'
import { describeListenFailure } from './infra/listen-failure.ts'
import { createLogger } from './infra/logger.ts'
import { nextSignal } from './infra/next-signal.ts'
import { StartError } from './infra/start-error.ts'
import { WORKER_LIMITS } from './workers/limits.ts'
import { connectToParent } from './workers/parent-link.ts'
import { probePort } from './workers/probe-port.ts'
import { createFork } from './workers/worker-process.ts'
import { Workers } from './workers/workers.ts'

/** How long a worker that has drained may take to close its database and to end, in milliseconds. */
const CLOSING_MS = 7_000

/**
 * The process that serves through others: prepares everything once, starts `config.workers` of them on one port, keeps
 * them running until SIGTERM or SIGINT, and lets them drain. Resolves with the exit code: 0 where all ended by
 * themselves. Throws `StartError` for what the operator can mend.
 */
export async function runParent(config: Config): Promise<number> {
  const log = createLogger(config.log)
  const port = await probePort(config.http).catch((error: unknown) => {
    throw describeListenFailure(error, config.http)
  })
  await withDatabase(config, log, async (database) => {
    await prepare(database, config, log)
    await makeOwner(database, config)
  })
  const workers = new Workers({
    config: { ...config, http: { ...config.http, port } },
    ...{ log, fork: createFork() },
    limits: { ...WORKER_LIMITS, drain: longestDrain(config.load.drain) + CLOSING_MS },
  })
  try {
    const ended = nextSignal(() => workers.kill())
    const serving = await Promise.race([workers.start(), ended])
    if (typeof serving !== 'string') {
      greet({ ...serving, url: config.http.publicUrl ?? serving.url, config, log })
      await Promise.race([ended, workers.failed])
    }
    log.info({ reason: await ended }, 'Draining: all workers refuse new work, running answers end')
    return (await workers.drain()) ? 0 : 1
  } finally {
    workers.kill()
  }
}

/** One of the processes on the port. Its parent has made everything ready and says what it is, and when it ends. */
export async function runWorker(): Promise<number> {
  const { config, seat, ...parent } = await connectToParent()
  const log = createLogger(config.log).child({ worker: seat.id })
  try {
    await withDatabase(config, log, (database) =>
      serveOver(
        { config, log, database, worker: seat },
        {
          serving: (at) => parent.serving(at),
          ended: () => Promise.race([nextSignal(), parent.ended]),
        },
      ),
    )
    return 0
  } catch (error) {
    const told = error instanceof StartError || error instanceof DatabaseUnavailable
    await parent.failed(error instanceof Error ? error.message : String(error), told)
    // Its parent tells it, once for all workers.
    if (told) return 1
    throw error
  }
}
