import type { Transaction } from 'sequelize'
import type { Actor } from '../../../models/actor.ts'
import type { AuditEntry } from '../../../models/audit-entry.ts'
import type { ClientName } from '../../../models/client.ts'
import type { Models } from '../../../models/index.ts'
import type { McpServer } from '../../../models/mcp-server.ts'
import { refuse, succeed, type Result } from '../../../protocol/result.ts'
import { maskSecrets } from '../mask-secrets.ts'

export const NO_CLIENT = 'There is no such client.'

/** A server among those of its client. */
export type ServerName = { name: string } | { id: string }

export interface ServerPlace {
  client: ClientName
  server: ServerName
}

/** A client's server, found through the client, whose row is locked: of two changes one comes after the other. */
export async function findServer(
  { Client, McpServer }: Pick<Models, 'Client' | 'McpServer'>,
  place: ServerPlace,
  transaction: Transaction,
): Promise<Result<McpServer>> {
  const lock = transaction.LOCK.NO_KEY_UPDATE
  const client = await Client.findOne({ where: place.client, transaction, lock })
  if (client === null) return refuse('not_found', NO_CLIENT)
  const where = { client_id: client.id, ...place.server }
  const server = await McpServer.findOne({ where, transaction })
  return server ? succeed(server) : refuse('not_found', noServer(place.server))
}

export function noServer(name: ServerName): string {
  return 'id' in name ? 'The client has no such server.' : `The client has no server "${name.name}".`
}

/** An entry of the audit log. */
export function recordOf(
  by: Actor,
  action: string,
  { client_id, id, name }: McpServer,
  details: Record<string, unknown> = {},
): Parameters<typeof AuditEntry.record>[0] {
  const shown = Object.fromEntries(Object.entries(details).map(([key, value]) => [key, maskSecrets(value)]))
  return { ...by, client_id, action, details: { server_id: id, server: name, ...shown } }
}
