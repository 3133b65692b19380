import { defineModels } from '../../models/index.ts'
import type { Cache } from '../infra/cache.ts'
import type { Database } from '../infra/database.ts'
import type { Logger } from '../infra/logger.ts'
import type { Outbound } from '../infra/outbound/index.ts'
import type { Secrets } from '../infra/secrets.ts'
import { createSchemaCompiler } from '../infra/validate.ts'
import { createClientToolDirectory } from './catalogue/client-tool-directory.ts'
import { callbackUrls } from './callbacks/callback-url.ts'
import { openDesks, type Desks } from './desks.ts'
import { createIntegrationTools } from './integrations/index.ts'
import { createMcpRoom } from './mcp/index.ts'
import { createWebhooks } from './n8n/webhooks.ts'
import { createClientCalls, type ClientCallsOf } from './turn/client-calls.ts'
import { createExecutions } from './turn/executions.ts'

export interface ToolParts {
  database: Database
  secrets: Secrets
  outbound: Outbound
  /** Pairs of host and port that may be private: the operator's. */
  allow: readonly string[]
  cache: Cache
  log: Logger
  /** The address by which workflows reach us, without a slash at its end. */
  origin: string
}

export interface Watch {
  start(): void
  stop(): Promise<void>
}

/** What clients connected, for their models to call. */
export interface ToolRoom {
  clientCalls: ClientCallsOf
  /** Looks, beside what happens, whether what was approved is still what is there. */
  watch: Watch
  /** Where people keep it. */
  desks: Desks
}

export function createTools(parts: ToolParts): ToolRoom {
  const { database, outbound, origin } = parts
  const calling = { webhooks: createWebhooks({ outbound }), callbackUrl: callbackUrls(origin) }
  const workflows = createClientToolDirectory({ ...parts, ...calling })
  const mcp = createMcpRoom(parts)
  const sources = [workflows, createIntegrationTools(parts), mcp.source]
  const clientCalls = createClientCalls({ sources, executions: createExecutions(database) })
  const models = defineModels(database.sequelize)
  const desks = openDesks({ ...parts, models, compile: createSchemaCompiler() })
  return { clientCalls, watch: mcp.watch, desks }
}
