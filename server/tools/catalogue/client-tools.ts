import type { Transaction } from 'sequelize'
import type { ClientTool } from '../../../models/client-tool.ts'
import type { Client } from '../../../models/client.ts'
import type { Models } from '../../../models/index.ts'
import type { Tool } from '../../../models/tool.ts'
import { refuse, succeed, type Result } from '../../../protocol/result.ts'
import { ClientToolChanges, TOOL_LIMITS } from '../../../protocol/tools.ts'
import type { Database } from '../../infra/database.ts'
import { refusalOf } from '../../infra/outbound/refusal.ts'
import type { Secrets } from '../../infra/secrets.ts'
import type { CompileSchema } from '../../infra/validate.ts'
import { maskSecrets } from '../mask-secrets.ts'
import { issueWebhookSecret } from './webhook-secret.ts'

/** What one client has made of the catalogue, as its keepers see it. Each change is in the audit log. */
export interface ClientTools {
  /** By name, with those that are not enabled. `not_found` where no client has this key. */
  list(clientKey: string): Promise<Result<ListedClientTool[]>>
  /**
   * Lets a client use a tool, or changes how. What is not named stays as it is. `secret` is told where the client had
   * none for signing yet, this once. Refused: `not_found`, or `invalid_payload` with what is wrong.
   */
  set(clientKey: string, toolName: string, changes: unknown): Promise<Result<{ secret: string | null }>>
  /** Takes a tool from a client. `not_found` where it has none of this name. */
  remove(clientKey: string, toolName: string): Promise<Result<null>>
  /** Makes another secret for signing and tells it, this once. The one before it counts for a day more. */
  issueSecret(clientKey: string): Promise<Result<{ secret: string }>>
}

export interface ListedClientTool {
  tool: Tool
  clientTool: ClientTool
}

/** What keeping needs. `allow`: private addresses that may be set. */
export interface ClientToolKeeping {
  compile: CompileSchema
  secrets: Secrets
  allow: readonly string[]
}

type KeptModels = Pick<Models, 'Client' | 'Tool' | 'ClientTool' | 'AuditEntry'>

/** Works on `models`, which are bound to `database`. */
export function createClientTools(
  database: Pick<Database, 'transaction'>,
  models: KeptModels,
  { compile, secrets, allow }: ClientToolKeeping,
): ClientTools {
  const { Client, ClientTool, AuditEntry } = models
  const check = compile(ClientToolChanges)
  return {
    async list(clientKey) {
      const client = await Client.findOne({ where: { api_key: clientKey } })
      if (client === null) return refuse('not_found', NO_CLIENT)
      const found = await ClientTool.findAll({ where: { client_id: client.id }, include: 'tool' })
      const listed = found.flatMap((clientTool) =>
        clientTool.tool ? [{ clientTool, tool: clientTool.tool }] : [],
      )
      return succeed(listed.sort((a, b) => (a.tool.tool_name < b.tool.tool_name ? -1 : 1)))
    },

    set(clientKey, toolName, changes) {
      const read = check(changes)
      const fault = read.ok ? faultOf(read.data, allow) : null
      if (!read.ok) return Promise.resolve(read)
      if (fault !== null) return Promise.resolve(refuse('invalid_payload', fault))
      return database.transaction(async (transaction) => {
        const place = await find(models, { clientKey, toolName }, transaction)
        if (!place.ok) return place
        const { client, tool, before } = place.data
        const refused = before ? null : await refusedAnew(client, read.data, transaction)
        if (refused !== null) return refuse('invalid_payload', refused)
        const earlier = before ? shown(before) : null
        const key = { client_id: client.id, tool_id: tool.id }
        const after = await (before?.update(read.data, { transaction }) ??
          ClientTool.create({ ...key, ...read.data }, { transaction }))
        const details = { tool: tool.tool_name, before: earlier, after: shown(after) }
        await AuditEntry.record(entry('client_tool.set', client, details), { transaction })
        const isNew = client.webhook_secret === null
        return succeed({ secret: isNew ? await issue(client, transaction) : null })
      })
    },

    remove: (clientKey, toolName) =>
      database.transaction(async (transaction) => {
        const place = await find(models, { clientKey, toolName }, transaction)
        if (!place.ok) return place
        const { client, before } = place.data
        if (before === null) return refuse('not_found', `The client does not use "${toolName}".`)
        await before.destroy({ transaction })
        const details = { tool: toolName, before: shown(before) }
        await AuditEntry.record(entry('client_tool.removed', client, details), { transaction })
        return succeed(null)
      }),

    issueSecret: (clientKey) =>
      database.transaction(async (transaction) => {
        const client = await Client.findOne({ where: { api_key: clientKey }, transaction })
        if (client === null) return refuse('not_found', NO_CLIENT)
        return succeed({ secret: await issue(client, transaction) })
      }),
  }

  async function issue(client: Client, transaction: Transaction): Promise<string> {
    const secret = await issueWebhookSecret(client, secrets, { transaction })
    await AuditEntry.record(entry('client.webhook_secret_issued', client), { transaction })
    return secret
  }

  async function refusedAnew(
    { id }: Client,
    { n8n_webhook_url }: ClientToolChanges,
    transaction: Transaction,
  ): Promise<string | null> {
    if (n8n_webhook_url === undefined) return 'n8n_webhook_url is needed.'
    const kept = await ClientTool.count({ where: { client_id: id }, transaction })
    const most = TOOL_LIMITS.perClient
    return kept >= most ? `A client has ${String(most)} tools at most: models get lost among more.` : null
  }
}

const NO_CLIENT = 'No client has this key.'

function faultOf(
  { n8n_webhook_url, custom_config }: ClientToolChanges,
  allow: readonly string[],
): string | null {
  const refusal = n8n_webhook_url === undefined ? null : refusalOf(n8n_webhook_url, allow)
  if (refusal !== null) return `n8n_webhook_url ${refusal}.`
  const { config } = TOOL_LIMITS
  const isLong = JSON.stringify(custom_config ?? {}).length > config
  return isLong ? `custom_config is longer than ${String(config)} characters.` : null
}

interface Found {
  client: Client
  tool: Tool
  before: ClientTool | null
}

/** The client's row is locked, so that of two changes one comes after the other. */
async function find(
  { Client, Tool, ClientTool }: KeptModels,
  { clientKey, toolName }: { clientKey: string; toolName: string },
  transaction: Transaction,
): Promise<Result<Found>> {
  const client = await Client.findOne({ where: { api_key: clientKey }, transaction, lock: true })
  if (client === null) return refuse('not_found', NO_CLIENT)
  const tool = await Tool.findOne({ where: { tool_name: toolName }, transaction })
  if (tool === null) return refuse('not_found', `There is no tool "${toolName}" in the catalogue.`)
  const where = { client_id: client.id, tool_id: tool.id }
  return succeed({ client, tool, before: await ClientTool.findOne({ where, transaction }) })
}

function shown({ enabled, n8n_webhook_url, custom_config, policy, idempotent, label }: ClientTool) {
  return maskSecrets({ enabled, n8n_webhook_url, custom_config, policy, idempotent, label })
}

/** Whoever commands the machine is `system`. */
function entry(action: string, { id }: Client, details: Record<string, unknown> = {}) {
  return { actor: 'system' as const, client_id: id, action, details }
}
