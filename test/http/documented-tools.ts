import { defineModels } from '../../models/index.ts'
import { CLIENT_ID } from '../../protocol/operations/examples.ts'
import { MCP_TOOL } from '../../protocol/operations/mcp-examples.ts'
import { CATALOGUE_TOOL } from '../../protocol/operations/tool-examples.ts'
import type { Database } from '../../server/infra/database.ts'
import type { Secrets } from '../../server/infra/secrets.ts'
import { issueWebhookSecret } from '../../server/tools/catalogue/webhook-secret.ts'

/** Where calls of the examples end at once. */
export const NOBODY_THERE = '127.0.0.1:1'

/** What the client of the examples has of tools, beside those that its examples add. Gives ids by the names of paths. */
export async function keptTools(database: Database, secrets: Secrets): Promise<Record<string, string>> {
  const { Client, ClientTool, Tool } = defineModels(database.sequelize)
  const { id, tool_name, description, parameters_schema } = CATALOGUE_TOOL
  await Tool.create({ id, tool_name, description, parameters_schema })
  const used = await Tool.create({ tool_name: 'used', description, parameters_schema })
  const client = await Client.findOne({ where: { id: CLIENT_ID }, rejectOnEmpty: true })
  await issueWebhookSecret(client, secrets, {})
  const n8n_webhook_url = `http://${NOBODY_THERE}/webhook/orders`
  await ClientTool.create({ client_id: CLIENT_ID, tool_id: used.id, n8n_webhook_url })
  return { tool_id: used.id, ...(await keptIntegration(database)), ...(await keptServer(database)) }
}

/** A system of the same client, asked where nobody is. */
async function keptIntegration({
  sequelize,
}: Database): Promise<{ integration_id: string; endpoint_name: string }> {
  const { ClientIntegration } = defineModels(sequelize)
  const made = await ClientIntegration.create({
    ...{ client_id: CLIENT_ID, name: 'nowhere', integration_type: 'custom_api' },
    connection_config: { base_url: `http://${NOBODY_THERE}` },
  })
  return { integration_id: made.id, endpoint_name: 'order_status' }
}

/** A server of the same client that is nowhere, and a tool that it had listed. */
async function keptServer({ sequelize }: Database): Promise<{ server_id: string; mcp_tool_id: string }> {
  const { McpServer, McpTool } = defineModels(sequelize)
  const url = `http://${NOBODY_THERE}/mcp`
  const server = await McpServer.create({ client_id: CLIENT_ID, name: 'nowhere', url })
  const { name, description, hash } = MCP_TOOL
  const input_schema = { type: 'object' }
  const tool = await McpTool.create({ server_id: server.id, name, description, hash, input_schema })
  return { server_id: server.id, mcp_tool_id: tool.id }
}
