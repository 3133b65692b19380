import type { Transaction } from 'sequelize'
import type { AuditEntry } from '../../../models/audit-entry.ts'
import type { Models } from '../../../models/index.ts'
import type { McpServer } from '../../../models/mcp-server.ts'
import { refuse, succeed, type Result } from '../../../protocol/result.ts'
import { maskSecrets } from '../mask-secrets.ts'

export const NO_CLIENT = 'No client has this key.'

/** A client's server, found through the client, whose row is locked: of two changes one comes after the other. */
export async function findServer(
  { Client, McpServer }: Pick<Models, 'Client' | 'McpServer'>,
  { clientKey, name }: { clientKey: string; name: string },
  transaction: Transaction,
): Promise<Result<McpServer>> {
  const client = await Client.findOne({ where: { api_key: clientKey }, transaction, lock: true })
  if (client === null) return refuse('not_found', NO_CLIENT)
  const server = await McpServer.findOne({ where: { client_id: client.id, name }, transaction })
  return server ? succeed(server) : refuse('not_found', `The client has no server "${name}".`)
}

/** An entry of the audit log. Whoever commands the machine is `system`. */
export function recordOf(
  action: string,
  { client_id, id, name }: McpServer,
  details: Record<string, unknown> = {},
): Parameters<typeof AuditEntry.record>[0] {
  const shown = Object.fromEntries(Object.entries(details).map(([key, value]) => [key, maskSecrets(value)]))
  return { actor: 'system', client_id, action, details: { server_id: id, server: name, ...shown } }
}
