import { createEngine } from '../sockets/engine/engine.ts'
import { FanOut } from '../sockets/fanout.ts'
import { serveSockets } from '../sockets/index.ts'
import { createClientDirectory } from './auth/client-directory.ts'
import { createSecretKeyDirectory } from './auth/secret-key-directory.ts'
import type { Config } from './config/config.ts'
import { readVersion } from './config/version.ts'
import { createConversations } from './conversation/index.ts'
import type { TurnLimits } from './conversation/limits.ts'
import { createHttpApp } from './http/app.ts'
import { createClientAddress } from './http/client-address.ts'
import type { Database } from './infra/database.ts'
import type { Logger } from './infra/logger.ts'
import { createMetrics } from './infra/metrics.ts'
import { createRateLimits, UNLIMITED } from './infra/rate-limit.ts'
import { tellOutages } from './infra/tell-outages.ts'
import { createSchemaCompiler } from './infra/validate.ts'
import { createSearch } from './knowledge/search.ts'
import { createModels } from './llm/models.ts'
import type { Provider } from './llm/provider.ts'
import { chooseProvider } from './llm/registry.ts'

/** What an app is made of. Whatever is left out is built as the configuration says. */
export interface AppParts {
  config: Config
  log: Logger
  /** Migrated, with partitions for messages. The caller closes it, after the app. */
  database: Database
  provider?: Provider
  turnLimits?: Partial<TurnLimits>
  /** The clock that limits count by: milliseconds since the epoch. */
  now?: () => number
}

export interface App {
  /** Serves from here on. Rejects with the `code` of node:net where the port cannot be had. */
  listen(): Promise<{ url: string; engine: string }>
  /** Refuses new work, lets running replies end within their limit, sends visitors to another node, lets go. */
  close(): Promise<void>
}

/** Over how long the visitors of a node that goes away spread their coming back. */
const RECONNECT_SPREAD_MS = 3_000

/** Builds every part once and joins them; nothing is built anywhere else. */
export async function createApp(parts: AppParts): Promise<App> {
  const { config, log } = parts
  const database = tellOutages(parts.database, log)
  let draining = false

  const engine = createEngine({ kind: config.engine, log })
  const fanout = new FanOut()
  const directory = createClientDirectory(database)
  const clientAddress = createClientAddress(config.http.trustedProxies)
  const compile = createSchemaCompiler()
  const limits = config.rateLimits ? createRateLimits(parts.now) : UNLIMITED
  const models = createModels(parts.provider ?? choose(config, database, log))
  const heart = createConversations({
    database,
    publisher: fanout,
    models,
    log,
    ...(parts.turnLimits && { limits: parts.turnLimits }),
  })
  const { conversations } = heart
  const shared = {
    ...{ config, log, database, directory, clientAddress, compile, limits, conversations, engine },
    draining: () => draining,
  }
  const sockets = serveSockets({ ...shared, fanout })
  const version = readVersion()
  const metrics = createMetrics({
    version,
    engine: engine.kind,
    openSockets: () => sockets.count(),
    runningTurns: () => heart.runningTurns(),
  })
  const secretKeys = createSecretKeyDirectory({ database, limits })
  engine.serve(createHttpApp({ ...shared, secretKeys, version, metrics }))
  await heart.start()

  return {
    async listen() {
      const { host } = config.http
      const { port } = await engine.listen(host, config.http.port)
      return { url: `http://${urlHost(host)}:${port}`, engine: engine.kind }
    },
    async close() {
      draining = true
      engine.stopListening()
      await heart.stop()
      sockets.drain(RECONNECT_SPREAD_MS)
      await sockets.close()
      await engine.close()
    },
  }
}

function choose(config: Config, database: Database, log: Logger): Provider {
  const { provider, reason } = chooseProvider(config.llm, { searchKnowledge: createSearch(database) })
  log.info({ provider: provider.name, reason }, 'provider chosen')
  return provider
}

/** How a host is written in an address that can be opened: every address means this machine. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}
