import { LRUCache } from 'lru-cache'
import type { ToolPolicy } from '../../../models/client-tool.ts'
import { TOOL_LIMITS } from '../../../protocol/tools.ts'
import type { Database, Statement } from '../../infra/database.ts'
import { KeptAnswers } from '../../infra/kept-answers.ts'
import type { Logger } from '../../infra/logger.ts'
import type { Secrets } from '../../infra/secrets.ts'
import { bodyOf } from '../n8n/webhook-body.ts'
import type { Webhooks } from '../n8n/webhooks.ts'
import { spokenName } from '../spoken-name.ts'
import type { ToolSource, UsableTool } from '../usable-tool.ts'
import { checkParametersSchema, type CheckedSchema } from './parameters-schema.ts'
import { openWebhookSecrets, WEBHOOK_SECRETS, type SealedWebhookSecrets } from './webhook-secret.ts'

/** Milliseconds for which an answer holds, answers kept, and compiled schemas kept. */
const KEPT_FOR = 5_000
const KEPT = 2_000
const SCHEMAS_KEPT = 500

export interface DirectoryParts {
  database: Pick<Database, 'run'>
  secrets: Secrets
  webhooks: Webhooks
  /** Where the result of a call may be brought later. */
  callbackUrl: (executionId: string) => string
  log: Logger
  /** Milliseconds, by a clock that never goes back. */
  now?: () => number
}

/** Workflows, by name. Asks the database once for all who ask within five seconds. A tool that cannot be used is left out, and logged. */
export function createClientToolDirectory(parts: DirectoryParts): ToolSource {
  const { database, secrets, webhooks, callbackUrl, log, now = () => performance.now() } = parts
  const kept = new KeptAnswers<readonly UsableTool[]>({ ms: KEPT_FOR, most: KEPT, now })
  const schemas = new LRUCache<string, CheckedSchema>({ max: SCHEMAS_KEPT })

  return {
    of: (clientId) => kept.of(clientId, () => load(clientId)),
  }

  async function load(clientId: string): Promise<readonly UsableTool[]> {
    const rows = await database.run<Row>(LOAD, [clientId, TOOL_LIMITS.perClient])
    const signing = rows[0] ? openWebhookSecrets(clientId, rows[0], { secrets, log }) : []
    return signing.length === 0 ? [] : rows.flatMap((row) => inUse(clientId, row, signing))
  }

  function inUse(client_id: string, row: Row, signing: readonly string[]): UsableTool[] {
    const { tool_name: name, description, url, config, policy, idempotent, label } = row
    const checked = checkedOnce(row.parameters_schema)
    if (!checked.ok) {
      const { path, problem } = checked
      log.warn({ code: 'tool_schema_broken', client_id, tool: name, path, problem }, 'a tool is not offered')
      return []
    }
    const { check } = checked
    const definition = { name, description, parameters: checked.schema }
    return [
      {
        ...{ definition, check, policy, idempotent },
        label: label ?? spokenName(name),
        returnsOthersWords: false,
        call(asked, signal) {
          const { key, timeLeft, execution_id } = asked
          const body = bodyOf(asked, { tool: name, config, callbackUrl: callbackUrl(execution_id) })
          return webhooks.call({ url, secrets: signing, idempotent, key, body, timeLeft }, signal)
        },
      },
    ]
  }

  function checkedOnce(schema: unknown): CheckedSchema {
    const key = JSON.stringify(schema)
    const found = schemas.get(key) ?? checkParametersSchema(schema)
    schemas.set(key, found)
    return found
  }
}

interface Row extends SealedWebhookSecrets {
  tool_name: string
  description: string
  parameters_schema: unknown
  url: string
  config: Record<string, unknown>
  policy: ToolPolicy
  idempotent: boolean
  label: string | null
}

const LOAD: Statement = {
  name: 'tools/load-client-tools',
  text: `
    SELECT t.tool_name, t.description, t.parameters_schema, o.n8n_webhook_url AS url, o.custom_config AS config,
      o.policy, o.idempotent, o.label,
      ${WEBHOOK_SECRETS}
    FROM client_tools o JOIN tools t ON t.id = o.tool_id JOIN clients c ON c.id = o.client_id
    WHERE o.client_id = $1::uuid AND o.enabled AND o.n8n_webhook_url IS NOT NULL
    ORDER BY t.tool_name LIMIT $2::int`,
}
