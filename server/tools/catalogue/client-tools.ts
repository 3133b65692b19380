import type { Transaction } from 'sequelize'
import { SYSTEM, type Actor } from '../../../models/actor.ts'
import type { ClientTool } from '../../../models/client-tool.ts'
import type { Client, ClientName } from '../../../models/client.ts'
import type { Models } from '../../../models/index.ts'
import type { Tool } from '../../../models/tool.ts'
import { refuse, succeed, type Result } from '../../../protocol/result.ts'
import { ClientToolChanges } from '../../../protocol/tools.ts'
import type { Database } from '../../infra/database.ts'
import type { Secrets } from '../../infra/secrets.ts'
import type { CompileSchema } from '../../infra/validate.ts'
import { maskSecrets } from '../mask-secrets.ts'
import { faultOfChanges, faultOfNew } from './client-tool-fault.ts'
import type { ToolName } from './tool-catalogue.ts'
import { issueWebhookSecret } from './webhook-secret.ts'

/** What one client has made of the catalogue, as its keepers see it. Each change is in the audit log. */
export interface ClientTools {
  /** By name, with those that are not enabled. `not_found` where there is no such client. */
  list(client: ClientName): Promise<Result<ListedClientTools>>
  /** `not_found` where the client does not use it. */
  find(client: ClientName, tool: ToolName): Promise<Result<ListedClientTool>>
  /**
   * Lets a client use a tool, or changes how. What is not named stays as it is. `secret` is told where the client had
   * none for signing yet, this once. Refused: `not_found`, or `invalid_payload` with what is wrong.
   */
  set(client: ClientName, tool: ToolName, changes: unknown, by?: Actor): Promise<Result<SetClientTool>>
  /** As `set`, of a tool that the client uses. */
  change(client: ClientName, tool: ToolName, changes: unknown, by?: Actor): Promise<Result<SetClientTool>>
  /** Takes a tool from a client. `not_found` where it has none of this name. */
  remove(client: ClientName, tool: ToolName, by?: Actor): Promise<Result<ListedClientTool>>
  /** Makes another secret for signing and tells it, this once. The one before it counts for a day more. */
  issueSecret(client: ClientName, by?: Actor): Promise<Result<{ secret: string; signing: SigningState }>>
}

export interface ListedClientTool {
  tool: Tool
  clientTool: ClientTool
}

export interface ListedClientTools {
  tools: ListedClientTool[]
  signing: SigningState
}

/** Whether there is a secret, and until when the one before it counts; null: there is none that does. */
export interface SigningState {
  issued: boolean
  previousUntil: Date | null
}

export interface SetClientTool extends ListedClientTool {
  secret: string | null
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
    async list(name) {
      const client = await Client.findOne({ where: name })
      if (client === null) return refuse('not_found', NO_CLIENT)
      const found = await ClientTool.findAll({ where: { client_id: client.id }, include: 'tool' })
      const tools = found.flatMap((clientTool) =>
        clientTool.tool ? [{ clientTool, tool: clientTool.tool }] : [],
      )
      tools.sort((a, b) => (a.tool.tool_name < b.tool.tool_name ? -1 : 1))
      return succeed({ tools, signing: signingOf(client) })
    },

    find: (client, tool) => findUsed(models, { client, tool }),

    set: (client, tool, changes, by = SYSTEM) => save({ client, tool }, changes, { by, mayBeNew: true }),
    change: (client, tool, changes, by = SYSTEM) => save({ client, tool }, changes, { by, mayBeNew: false }),

    remove: (client, tool, by = SYSTEM) =>
      database.transaction(async (transaction) => {
        const found = await findUsed(models, { client, tool }, transaction)
        if (!found.ok) return found
        const { clientTool } = found.data
        await clientTool.destroy({ transaction })
        const details = { tool: found.data.tool.tool_name, before: shown(clientTool) }
        const { client_id } = clientTool
        await AuditEntry.record(entry(by, 'client_tool.removed', client_id, details), { transaction })
        return succeed(found.data)
      }),

    issueSecret: (name, by = SYSTEM) =>
      database.transaction(async (transaction) => {
        const client = await Client.findOne({
          where: name,
          transaction,
          lock: transaction.LOCK.NO_KEY_UPDATE,
        })
        if (client === null) return refuse('not_found', NO_CLIENT)
        const secret = await issue(client, by, transaction)
        return succeed({ secret, signing: signingOf(client) })
      }),
  }

  async function save(
    place: Place,
    changes: unknown,
    { by, mayBeNew }: { by: Actor; mayBeNew: boolean },
  ): Promise<Result<SetClientTool>> {
    const read = check(changes)
    if (!read.ok) return read
    const fault = faultOfChanges(read.data, allow)
    if (fault !== null) return refuse('invalid_payload', fault)
    return database.transaction(async (transaction) => {
      const found = await find(models, place, transaction)
      if (!found.ok) return found
      const { client, tool, before } = found.data
      if (!before && !mayBeNew) return refuse('not_found', doesNotUse(tool))
      const kept = before ? null : await ClientTool.count({ where: { client_id: client.id }, transaction })
      const refused = kept === null ? null : faultOfNew(read.data, kept)
      if (refused !== null) return refuse('invalid_payload', refused)
      const earlier = before ? shown(before) : null
      const key = { client_id: client.id, tool_id: tool.id }
      const clientTool = await (before?.update(read.data, { transaction }) ??
        ClientTool.create({ ...key, ...read.data }, { transaction }))
      const details = { tool: tool.tool_name, before: earlier, after: shown(clientTool) }
      await AuditEntry.record(entry(by, 'client_tool.set', client.id, details), { transaction })
      const secret = client.webhook_secret === null ? await issue(client, by, transaction) : null
      return succeed({ tool, clientTool, secret })
    })
  }

  async function issue(client: Client, by: Actor, transaction: Transaction): Promise<string> {
    const secret = await issueWebhookSecret(client, secrets, { transaction })
    await AuditEntry.record(entry(by, 'client.webhook_secret_issued', client.id), { transaction })
    return secret
  }
}

function signingOf({ webhook_secret, webhook_secret_previous_until: until }: Client): SigningState {
  return { issued: webhook_secret !== null, previousUntil: until && until > new Date() ? until : null }
}

const NO_CLIENT = 'There is no such client.'

interface Place {
  client: ClientName
  tool: ToolName
}

interface Found {
  client: Client
  tool: Tool
  before: ClientTool | null
}

/** Within a transaction the client's row is locked, so that of two changes one comes after the other. */
async function find(
  { Client, Tool, ClientTool }: KeptModels,
  place: Place,
  transaction?: Transaction,
): Promise<Result<Found>> {
  const within = transaction && { transaction }
  const locked = transaction && { ...within, lock: transaction.LOCK.NO_KEY_UPDATE }
  const client = await Client.findOne({ where: place.client, ...locked })
  if (client === null) return refuse('not_found', NO_CLIENT)
  const tool = await Tool.findOne({ where: place.tool, ...within })
  if (tool === null) return refuse('not_found', noTool(place.tool))
  const where = { client_id: client.id, tool_id: tool.id }
  return succeed({ client, tool, before: await ClientTool.findOne({ where, ...within }) })
}

async function findUsed(
  models: KeptModels,
  place: Place,
  transaction?: Transaction,
): Promise<Result<ListedClientTool>> {
  const found = await find(models, place, transaction)
  if (!found.ok) return found
  const { tool, before } = found.data
  return before ? succeed({ tool, clientTool: before }) : refuse('not_found', doesNotUse(tool))
}

function noTool(name: ToolName): string {
  return 'id' in name ? 'There is no such tool.' : `There is no tool "${name.tool_name}" in the catalogue.`
}

function doesNotUse({ tool_name }: Tool): string {
  return `The client does not use "${tool_name}".`
}

function shown({ enabled, n8n_webhook_url, custom_config, policy, idempotent, label }: ClientTool) {
  return maskSecrets({ enabled, n8n_webhook_url, custom_config, policy, idempotent, label })
}

function entry(by: Actor, action: string, client_id: string, details: Record<string, unknown> = {}) {
  return { ...by, client_id, action, details }
}
