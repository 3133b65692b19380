import type { Config } from './config/config.ts'
import type { Logger } from './infra/logger.ts'

/** What there is to say when everything is up. */
interface Greeting {
  /** The address to open, without a slash at its end. */
  url: string
  /** Which socket engine serves. */
  engine: string
  /** Who was made to sign in, with a password that nobody knows yet. */
  owner?: { email: string; password: string } | null
  config: Config
  log: Logger
}

/**
 * Says that Parlor is up and where: a block for people on a terminal and in embedded mode, which is how one tries
 * it; one line of the log elsewhere, where programs read.
 */
export function greet({ url, engine, owner, config, log }: Greeting): void {
  const embedded = config.database.url === null
  if (!config.log.pretty && !embedded) {
    log.info({ url, engine, ...(config.workers > 1 && { workers: config.workers }) }, 'Parlor is up')
    return
  }
  const lines = [
    ...(config.seedDemo ? [`Demo shop   ${url}/demo`, 'Ask it      Where is my order 1001?'] : []),
    `Dashboard   ${url}/dashboard/`,
    ...(owner ? [`Sign in     ${owner.email}`, `Password    ${owner.password}   (not shown again)`] : []),
    `Health      ${url}/healthz`,
    `Database    ${embedded ? `embedded, in ${config.data.dir}` : 'Postgres'}`,
    `Sockets     ${engine === 'uws' ? 'uWebSockets.js' : 'node:http and ws'}`,
    ...(config.workers > 1 ? [`Workers     ${config.workers}`] : []),
  ]
  process.stdout.write(
    `\n  Parlor is up.\n\n${lines.map((line) => `    ${line}\n`).join('')}\n  Ctrl-C stops it.\n\n`,
  )
}
