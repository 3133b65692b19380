import type { Order, Transaction } from 'sequelize'
import { SYSTEM, type Actor } from '../../../models/actor.ts'
import type { Client, ClientName } from '../../../models/client.ts'
import type { Models } from '../../../models/index.ts'
import type { McpServer } from '../../../models/mcp-server.ts'
import { MCP_KEEPING, McpCredential, McpServerChanges, NewMcpServer } from '../../../protocol/mcp.ts'
import { refuse, succeed, type Result } from '../../../protocol/result.ts'
import type { Database } from '../../infra/database.ts'
import { refusalOf } from '../../infra/outbound/refusal.ts'
import type { Secrets } from '../../infra/secrets.ts'
import type { CompileSchema } from '../../infra/validate.ts'
import { mcpCredentialPlace } from './address.ts'
import { findServer, NO_CLIENT, noServer, recordOf, type ServerName, type ServerPlace } from './found.ts'

/** The servers that a client connected, as its keepers see them. Each change is in the audit log, without credentials. */
export interface McpServers {
  /** By name, with their tools. `not_found` where there is no such client. */
  list(client: ClientName): Promise<Result<McpServer[]>>
  /** One of them. */
  find(client: ClientName, server: ServerName): Promise<Result<McpServer>>
  /** Refused: `not_found`, or `invalid_payload` with what is wrong. Nothing of it is offered before it is approved. */
  add(client: ClientName, given: unknown, by?: Actor): Promise<Result<McpServer>>
  /**
   * Changes what is named. Another URL is another server: all approvals are taken back, and the credential is deleted
   * where the URL leads to another origin. Refused as `add`.
   */
  set(
    client: ClientName,
    server: ServerName,
    changes: unknown,
    by?: Actor,
  ): Promise<Result<{ lostCredential: boolean }>>
  /** Keeps by what the server knows the client, sealed; null: nothing. Refused as `add`. */
  setCredential(
    client: ClientName,
    server: ServerName,
    credential: unknown,
    by?: Actor,
  ): Promise<Result<null>>
  /** Takes a server away, with all that was approved of it. */
  remove(client: ClientName, server: ServerName, by?: Actor): Promise<Result<null>>
}

/** What keeping needs. `allow`: private addresses that may be set. */
export interface McpKeeping {
  compile: CompileSchema
  secrets: Secrets
  allow: readonly string[]
}

/** Works on `models`, which are bound to `database`. */
export function createMcpServers(
  database: Pick<Database, 'transaction'>,
  models: Models,
  { compile, secrets, allow }: McpKeeping,
): McpServers {
  const { Client, ClientIntegration, McpServer, McpTool, AuditEntry } = models
  const [checkNew, checkChanges, checkCredential] = [
    compile(NewMcpServer),
    compile(McpServerChanges),
    compile(McpCredential),
  ]
  return {
    async list(name) {
      const client = await Client.findOne({ where: name })
      if (client === null) return refuse('not_found', NO_CLIENT)
      const where = { client_id: client.id }
      return succeed(await McpServer.findAll({ where, include: 'tools', order: IN_ORDER }))
    },

    async find(name, server) {
      const client = await Client.findOne({ where: name })
      const where = client && { client_id: client.id, ...server }
      const found = where && (await McpServer.findOne({ where, include: 'tools', order: IN_ORDER }))
      return found ? succeed(found) : refuse('not_found', noServer(server))
    },

    async add(clientName, given, by = SYSTEM) {
      const read = checkNew(given)
      if (!read.ok) return read
      const refusal = refusalOf(read.data.url, allow)
      if (refusal !== null) return refuse('invalid_payload', `url ${refusal}.`)
      return database.transaction(async (transaction) => {
        const lock = transaction.LOCK.NO_KEY_UPDATE
        const client = await Client.findOne({ where: clientName, transaction, lock })
        if (client === null) return refuse('not_found', NO_CLIENT)
        const fault = await faultOfAnother(client, read.data.name, transaction)
        if (fault !== null) return refuse('invalid_payload', fault)
        const server = await McpServer.create({ client_id: client.id, ...read.data }, { transaction })
        await AuditEntry.record(recordOf(by, 'mcp_server.added', server, { ...read.data }), { transaction })
        return succeed(server)
      })
    },

    async set(client, name, changes, by = SYSTEM) {
      const read = checkChanges(changes)
      if (!read.ok) return read
      const { url } = read.data
      const refusal = url === undefined ? null : refusalOf(url, allow)
      if (refusal !== null) return refuse('invalid_payload', `url ${refusal}.`)
      return withServer({ client, server: name }, async (server, transaction) => {
        const moved = url !== undefined && url !== server.url
        const lostCredential = moved && server.credential !== null && originOf(url) !== originOf(server.url)
        await server.update(
          { ...read.data, ...(moved && UNKNOWN), ...(lostCredential && NO_CREDENTIAL) },
          { transaction },
        )
        if (moved) await McpTool.destroy({ where: { server_id: server.id }, transaction })
        const details = { ...read.data, approvals_taken_back: moved, credential_deleted: lostCredential }
        await AuditEntry.record(recordOf(by, 'mcp_server.set', server, details), { transaction })
        return succeed({ lostCredential })
      })
    },

    async setCredential(client, name, credential, by = SYSTEM) {
      const read = credential === null ? succeed(null) : checkCredential(credential)
      if (!read.ok) return read
      const header = read.data?.header.toLowerCase() ?? null
      if (header !== null && OWN_HEADERS.test(header))
        return refuse('invalid_payload', `header: "${header}" carries the message itself.`)
      return withServer({ client, server: name }, async (server, transaction) => {
        const sealed = read.data && secrets.seal(read.data.value, mcpCredentialPlace(server.id))
        await server.update({ credential: sealed, credential_header: header }, { transaction })
        const details = { header, deleted: header === null }
        await AuditEntry.record(recordOf(by, 'mcp_server.credential_set', server, details), { transaction })
        return succeed(null)
      })
    },

    remove: (client, name, by = SYSTEM) =>
      withServer({ client, server: name }, async (server, transaction) => {
        await server.destroy({ transaction })
        await AuditEntry.record(recordOf(by, 'mcp_server.removed', server), { transaction })
        return succeed(null)
      }),
  }

  function withServer<T>(
    place: ServerPlace,
    work: (server: McpServer, transaction: Transaction) => Promise<Result<T>>,
  ): Promise<Result<T>> {
    return database.transaction(async (transaction) => {
      const found = await findServer(models, place, transaction)
      return found.ok ? work(found.data, transaction) : found
    })
  }

  async function faultOfAnother(
    { id }: Client,
    name: string,
    transaction: Transaction,
  ): Promise<string | null> {
    const servers = await McpServer.findAll({ where: { client_id: id }, transaction })
    if (servers.some((one) => one.name === name)) return `There is a server "${name}" already.`
    const systems = await ClientIntegration.findAll({ where: { client_id: id }, transaction })
    const twin = systems.find((one) => `${one.name}_`.startsWith(`${name}_`))
    if (twin) return `The functions of "${twin.name}" are called by this name already.`
    const most = MCP_KEEPING.serversPerClient
    return servers.length >= most ? `A client has ${String(most)} servers at most.` : null
  }
}

const IN_ORDER: Order = ['name', ['tools', 'name', 'ASC']]

/** What is not known of a server at another URL. */
const UNKNOWN = { revision: null, looked_at: null, listed_at: null, fault: null } as const
const NO_CREDENTIAL = { credential: null, credential_header: null } as const

/** Headers that say how the message is to be read, or who reads it. */
const OWN_HEADERS =
  /^(?:accept(?:-encoding)?|connection|content-.*|cookie|expect|host|keep-alive|mcp-.*|origin|proxy-.*|te|trailer|transfer-encoding|upgrade|user-agent)$/

function originOf(url: string): string {
  return new URL(url).origin
}
