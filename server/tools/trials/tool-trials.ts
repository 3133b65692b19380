import { randomUUID } from 'node:crypto'
import type { Actor } from '../../../models/actor.ts'
import type { ClientName } from '../../../models/client.ts'
import type { Models } from '../../../models/index.ts'
import { refuse, succeed, type Result } from '../../../protocol/result.ts'
import type { Database } from '../../infra/database.ts'
import type { Logger } from '../../infra/logger.ts'
import type { Secrets } from '../../infra/secrets.ts'
import { checkParametersSchema } from '../catalogue/parameters-schema.ts'
import type { ToolName } from '../catalogue/tool-catalogue.ts'
import { openWebhookSecrets, sealedWebhookSecrets } from '../catalogue/webhook-secret.ts'
import { maskSecrets } from '../mask-secrets.ts'
import { WEBHOOK_LIMITS } from '../n8n/limits.ts'
import { bodyOf } from '../n8n/webhook-body.ts'
import type { Webhooks } from '../n8n/webhooks.ts'
import type { ToolOutcome } from '../outcome.ts'
import { argumentsFault } from '../turn/arguments.ts'
import { wordOutcome } from '../words.ts'
import { createKeepTrial, listTrials, type KeptTrial } from './kept-trials.ts'

/** What people try of a client's tools. Refused with `not_found` where the client does not use the tool. */
export interface ToolTrials {
  /**
   * Calls a tool as a model would, also one that is switched off, and keeps what came of it. The call is in the audit
   * log. `invalid_payload`: the arguments do not fit. Rejects with the signal's reason.
   */
  run(asked: AskedTrial, signal: AbortSignal): Promise<Result<KeptTrial>>
  /** The newest, the newest first. */
  list(client: ClientName, tool: ToolName): Promise<Result<KeptTrial[]>>
}

export interface AskedTrial {
  client: ClientName
  tool: ToolName
  given: Record<string, unknown>
  /** As whom: somebody proved; null: a visitor who is not signed in. */
  user: string | null
  by: Actor
}

export interface ToolTrialParts {
  database: Pick<Database, 'run'>
  models: Pick<Models, 'Client' | 'Tool' | 'ClientTool' | 'AuditEntry'>
  secrets: Secrets
  /** Remembers no failures of others: whoever tries a tool wants to see it fail. */
  webhooks: Webhooks
  /** Where the result of a call may be brought later. */
  callbackUrl: (id: string) => string
  log: Logger
}

export function createToolTrials(parts: ToolTrialParts): ToolTrials {
  const { database, models, secrets, webhooks, callbackUrl, log } = parts
  const keep = createKeepTrial(database)
  return {
    async run({ client: name, tool: toolName, given, user, by }, signal) {
      const found = await find(name, toolName)
      if (!found.ok) return found
      const { client, tool, clientTool } = found.data
      const fault = faultOf(tool.parameters_schema, given)
      if (fault !== null) return refuse('invalid_payload', fault)
      const signing = openWebhookSecrets(client.id, sealedWebhookSecrets(client), { secrets, log })
      const { n8n_webhook_url: url, custom_config: config, policy } = clientTool
      if (url === null || signing.length === 0) return refuse('invalid_payload', NOT_CALLABLE)
      const details = { tool: tool.tool_name, arguments: maskSecrets(given), user }
      await models.AuditEntry.record({ ...by, client_id: client.id, action: 'client_tool.tried', details })
      const id = randomUUID()
      const to = { client_id: client.id, session_id: id, conversation_id: id }
      const call = { to, key: `try-${id}`, given, for: { user_identifier: user, proven: user !== null } }
      const callee = { tool: tool.tool_name, config, callbackUrl: callbackUrl(id), isTest: true }
      const began = performance.now()
      const outcome: ToolOutcome = await webhooks.call(
        {
          ...{ url, secrets: signing, key: call.key, body: bodyOf(call, callee) },
          ...{ idempotent: false, timeLeft: WEBHOOK_LIMITS.deadline },
        },
        signal,
      )
      const { content, failed } = wordOutcome(outcome, { writes: policy !== 'read' })
      const execution_time_ms = Math.round(performance.now() - began)
      const made = { id, client_id: client.id, tool_id: tool.id, by, parameters: maskSecrets(given) }
      return succeed(await keep({ ...made, outcome, success: !failed, content, execution_time_ms }))
    },

    async list(client, tool) {
      const found = await find(client, tool)
      if (!found.ok) return found
      return succeed(
        await listTrials(database, { client_id: found.data.client.id, tool_id: found.data.tool.id }),
      )
    },
  }

  async function find(client: ClientName, tool: ToolName) {
    const owner = await models.Client.findOne({ where: client })
    const known = owner && (await models.Tool.findOne({ where: tool }))
    const where = { client_id: owner?.id, tool_id: known?.id }
    const clientTool = owner && known && (await models.ClientTool.findOne({ where }))
    return clientTool
      ? succeed({ client: owner, tool: known, clientTool })
      : refuse('not_found', 'The client does not use this tool.')
  }
}

const NOT_CALLABLE = 'It has no address, or no secret that can be read to sign the call: make another secret.'

function faultOf(schema: unknown, given: Record<string, unknown>): string | null {
  const checked = checkParametersSchema(schema)
  if (!checked.ok) return `parameters_schema${checked.path} ${checked.problem}.`
  return argumentsFault(given) ?? checked.check(given)
}
