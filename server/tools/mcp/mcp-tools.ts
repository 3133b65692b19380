import { Op, type Transaction } from 'sequelize'
import { SYSTEM, type Actor } from '../../../models/actor.ts'
import type { Models } from '../../../models/index.ts'
import type { McpServer } from '../../../models/mcp-server.ts'
import type { McpTool } from '../../../models/mcp-tool.ts'
import { MCP_KEEPING, McpToolChanges } from '../../../protocol/mcp.ts'
import { refuse, succeed, type Result } from '../../../protocol/result.ts'
import type { Database } from '../../infra/database.ts'
import type { CompileSchema } from '../../infra/validate.ts'
import { HAND_OVER } from '../hand-over.ts'
import { SEARCH_KNOWLEDGE } from '../search-knowledge.ts'
import { fitSchema } from './fit-schema.ts'
import { findServer, recordOf, type ServerPlace } from './found.ts'
import { offeredName } from './model-words.ts'

/** Which tool of which server. */
export interface McpToolPlace extends ServerPlace {
  /** By the server's name for it, or by its id. */
  tool: { name: string } | { id: string }
}

/** What a person saw, and the name of who it is. */
export interface McpApproval {
  /** The hash, or at least its first 12 digits. */
  hash: string
  by: string
  /** How it is to be used; what is not named is as for a new tool: `confirm`, not idempotent. */
  changes: unknown
}

/** What is approved of servers' tools. Each change is in the audit log. */
export interface McpTools {
  /**
   * Lets a client's model use a tool as it is described now, if that is what the person saw. Refused: `not_found`, or
   * `invalid_payload` with what is wrong, such as the path of what a schema may not have.
   */
  approve(place: McpToolPlace, approval: McpApproval, actor?: Actor): Promise<Result<McpTool>>
  /** Changes how a tool is used. Refused as `approve`. */
  set(place: McpToolPlace, changes: unknown, actor?: Actor): Promise<Result<McpTool>>
}

/** Works on `models`, which are bound to `database`. */
export function createMcpTools(
  database: Pick<Database, 'transaction'>,
  models: Models,
  compile: CompileSchema,
): McpTools {
  const { McpTool, AuditEntry } = models
  const check = compile(McpToolChanges)
  return {
    async approve(place, { hash, by, changes }, actor = SYSTEM) {
      const read = check(changes)
      if (!read.ok) return read
      return database.transaction(async (transaction) => {
        const found = await find(place, transaction)
        if (!found.ok) return found
        const { server, tool } = found.data
        const fault = faultOfApproving(tool, hash) ?? (await clashOf(models, { server, tool }, transaction))
        if (fault !== null) return refuse('invalid_payload', fault)
        const { name, description, input_schema, annotations } = tool
        const approved = { name, description, input_schema, annotations }
        const stamp = { approved, approved_hash: tool.hash, approved_by: by, approved_at: new Date() }
        await tool.update({ ...AS_NEW, ...read.data, ...stamp }, { transaction })
        const details = { tool: name, hash: tool.hash, by, ...AS_NEW, ...read.data }
        await AuditEntry.record(recordOf(actor, 'mcp_tool.approved', server, details), { transaction })
        return succeed(tool)
      })
    },

    async set(place, changes, actor = SYSTEM) {
      const read = check(changes)
      if (!read.ok) return read
      return database.transaction(async (transaction) => {
        const found = await find(place, transaction)
        if (!found.ok) return found
        const { server, tool } = found.data
        await tool.update(read.data, { transaction })
        const details = { tool: tool.name, ...read.data }
        await AuditEntry.record(recordOf(actor, 'mcp_tool.set', server, details), { transaction })
        return succeed(tool)
      })
    },
  }

  async function find(
    place: McpToolPlace,
    transaction: Transaction,
  ): Promise<Result<{ server: McpServer; tool: McpTool }>> {
    const server = await findServer(models, place, transaction)
    if (!server.ok) return server
    const where = { server_id: server.data.id, ...place.tool }
    const found = await McpTool.findOne({ where, transaction, lock: true })
    if (found === null) return refuse('not_found', `"${server.data.name}" has not listed such a tool.`)
    return succeed({ server: server.data, tool: found })
  }
}

/** What is approved anew is a new thing: nothing that was said of the old one holds for it. */
const AS_NEW = { enabled: true, policy: 'confirm', idempotent: false, label: null } as const

const LEAST_DIGITS = 12

function faultOfApproving({ listed, hash, input_schema }: McpTool, seen: string): string | null {
  if (!listed) return 'The server lists it no more.'
  if (seen.length < LEAST_DIGITS || !hash.startsWith(seen.toLowerCase()))
    return 'hash is not that of the tool as it is described now: look at it again.'
  const fitted = fitSchema(input_schema)
  return fitted.ok ? null : `It cannot be offered: its input schema${fitted.path} ${fitted.problem}.`
}

/** What else the client's model may call by the same name. */
async function clashOf(
  { McpServer, McpTool, ClientTool }: Models,
  { server, tool }: { server: McpServer; tool: McpTool },
  transaction: Transaction,
): Promise<string | null> {
  const { client_id } = server
  const others = { approved_hash: { [Op.ne]: null }, id: { [Op.ne]: tool.id } }
  const include = [{ model: McpTool, as: 'tools', where: others, required: false }]
  const servers = await McpServer.findAll({ where: { client_id }, include, transaction })
  const approved = servers.flatMap(({ name, tools = [] }) => tools.map((one) => offeredName(name, one.name)))
  const most = MCP_KEEPING.toolsPerClient
  if (approved.length >= most)
    return `A client has ${String(most)} tools of servers at most: models get lost among more.`
  const used = await ClientTool.findAll({ where: { client_id }, include: 'tool', transaction })
  const taken = [...approved, ...used.flatMap(({ tool: one }) => one?.tool_name ?? []), ...OURS]
  const name = offeredName(server.name, tool.name)
  return taken.includes(name) ? `Another tool is called "${name}" already, so this one would never be.` : null
}

const OURS = [SEARCH_KNOWLEDGE.name, HAND_OVER.name]
