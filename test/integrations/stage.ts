import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { defineModels, type Models } from '../../models/index.ts'
import type { Database } from '../../server/infra/database.ts'
import { createMemoryCache } from '../../server/infra/cache.ts'
import { createOutbound, type Outbound } from '../../server/infra/outbound/index.ts'
import { createSecrets, type Secrets } from '../../server/infra/secrets.ts'
import { createSchemaCompiler } from '../../server/infra/validate.ts'
import { openIntegrationDesk, type IntegrationDesk } from '../../server/tools/integrations/desk.ts'
import { createIntegrationTools } from '../../server/tools/integrations/index.ts'
import type { ToolSource } from '../../server/tools/usable-tool.ts'
import { silentLog } from '../support/databases.ts'

/** Integrations as their keepers and models have them. */
export interface IntegrationStage extends IntegrationDesk {
  models: Models
  secrets: Secrets
  /** The tools that models are given: of a new process each time, which remembers nothing. */
  tools(): ToolSource
}

/** `allow`: private addresses that may be reached. */
export function openIntegrationStage(
  database: Database,
  allow: readonly string[],
  outbound: Outbound = createOutbound({ allow }),
): IntegrationStage {
  const models = defineModels(database.sequelize)
  const secrets = createSecrets({ encryption: randomBytes(32), encryptionPrevious: null })
  const parts = { database, secrets, outbound, allow, log: silentLog }
  return {
    ...openIntegrationDesk({ ...parts, models, compile: createSchemaCompiler() }),
    ...{ models, secrets },
    tools: () => createIntegrationTools({ ...parts, cache: createMemoryCache() }),
  }
}

/** What a result holds, or what was refused. */
export function dataOf<T>(result: { ok: true; data: T } | { ok: false; error: { message: string } }): T {
  assert.ok(result.ok, result.ok ? '' : result.error.message)
  return result.data
}

/** Why it was refused. */
export function refusalIn(result: { ok: true } | { ok: false; error: { code: string; message: string } }) {
  assert.ok(!result.ok)
  return `${result.error.code}: ${result.error.message}`
}

/** An endpoint that tells of one order, changed. */
export function orderEndpoint(changes: Record<string, unknown> = {}) {
  const order = { type: 'string', description: 'Such as 1001.', maxLength: 20 }
  return {
    ...{
      name: 'order',
      description: 'Tells where an order is.',
      request: { method: 'GET', url: '/orders/{order}' },
    },
    parameters: { type: 'object', properties: { order }, required: ['order'] },
    ...changes,
  }
}
