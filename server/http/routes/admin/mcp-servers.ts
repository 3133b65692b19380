import type { McpServerTold } from '../../../../protocol/mcp-keeping.ts'
import type { MCP_OPERATIONS } from '../../../../protocol/operations/admin/mcp-servers.ts'
import { succeed, type Result } from '../../../../protocol/result.ts'
import type { Endpoint } from '../../endpoint.ts'
import { forClientAdmin, idIn } from '../../for-admin.ts'
import type { HttpContext, HttpParts } from '../../http-env.ts'
import { approveTool, changeTool, readTool } from './mcp-tools.ts'
import { presentServer } from './present-mcp.ts'

type Path = '/api/admin/clients/:client_id/mcp-servers'
type One = `${Path}/:server_id`

/** Servers of the Model Context Protocol, and what of their tools people approve. */
export function mcpEndpoints(parts: HttpParts): { [K in keyof typeof MCP_OPERATIONS]: Endpoint<K> } {
  return {
    'GET /api/admin/clients/:client_id/mcp-servers': list(parts),
    'POST /api/admin/clients/:client_id/mcp-servers': add(parts),
    'GET /api/admin/clients/:client_id/mcp-servers/:server_id': read(parts),
    'PATCH /api/admin/clients/:client_id/mcp-servers/:server_id': change(parts),
    'PUT /api/admin/clients/:client_id/mcp-servers/:server_id/credential': enter(parts),
    'POST /api/admin/clients/:client_id/mcp-servers/:server_id/test': test(parts),
    'POST /api/admin/clients/:client_id/mcp-servers/:server_id/look': look(parts),
    'GET /api/admin/clients/:client_id/mcp-servers/:server_id/tools/:mcp_tool_id': readTool(parts),
    'POST /api/admin/clients/:client_id/mcp-servers/:server_id/tools/:mcp_tool_id/approve':
      approveTool(parts),
    'PATCH /api/admin/clients/:client_id/mcp-servers/:server_id/tools/:mcp_tool_id': changeTool(parts),
    'DELETE /api/admin/clients/:client_id/mcp-servers/:server_id/credential': deleteCredential(parts),
    'DELETE /api/admin/clients/:client_id/mcp-servers/:server_id': remove(parts),
  }
}

function list(parts: HttpParts): Endpoint<`GET ${Path}`> {
  return forClientAdmin(parts, async ({ client_id: id }) => {
    const listed = await parts.desks.mcp.servers.list({ id })
    return listed.ok ? succeed({ servers: listed.data.map(presentServer) }) : listed
  })
}

function add(parts: HttpParts): Endpoint<`POST ${Path}`> {
  return forClientAdmin(parts, async ({ client_id: id, by }, { body }) => {
    const added = await parts.desks.mcp.servers.add({ id }, body, by)
    return added.ok ? told(parts, id, { id: added.data.id }) : added
  })
}

function read(parts: HttpParts): Endpoint<`GET ${One}`> {
  return forClientAdmin(parts, ({ client_id }, _input, c) => told(parts, client_id, serverIn(c)))
}

function change(parts: HttpParts): Endpoint<`PATCH ${One}`> {
  return forClientAdmin(parts, async ({ client_id: id, by }, { body }, c) => {
    const set = await parts.desks.mcp.servers.set({ id }, serverIn(c), body, by)
    if (!set.ok) return set
    const now = await told(parts, id, serverIn(c))
    return now.ok ? succeed({ ...now.data, lost_credential: set.data.lostCredential }) : now
  })
}

function enter(parts: HttpParts): Endpoint<`PUT ${One}/credential`> {
  return forClientAdmin(parts, async ({ client_id: id, by }, { body }, c) => {
    const set = await parts.desks.mcp.servers.setCredential({ id }, serverIn(c), body, by)
    return set.ok ? told(parts, id, serverIn(c)) : set
  })
}

function deleteCredential(parts: HttpParts): Endpoint<`DELETE ${One}/credential`> {
  return forClientAdmin(parts, async ({ client_id: id, by }, _input, c) => {
    const set = await parts.desks.mcp.servers.setCredential({ id }, serverIn(c), null, by)
    return set.ok ? told(parts, id, serverIn(c)) : set
  })
}

function test(parts: HttpParts): Endpoint<`POST ${One}/test`> {
  return forClientAdmin(parts, ({ client_id: id }, _input, c) =>
    parts.desks.mcp.test({ client: { id }, server: serverIn(c) }, c.req.raw.signal),
  )
}

function look(parts: HttpParts): Endpoint<`POST ${One}/look`> {
  return forClientAdmin(parts, async ({ client_id: id }, _input, c) => {
    const looked = await parts.desks.mcp.look({ client: { id }, server: serverIn(c) }, c.req.raw.signal)
    if (!looked.ok) return looked
    const { server, unreadable, ...found } = looked.data
    const shown = unreadable.map(({ name, problem }) => ({ name, problem }))
    return succeed({ ...found, server: presentServer(server), unreadable: shown })
  })
}

function remove(parts: HttpParts): Endpoint<`DELETE ${One}`> {
  return forClientAdmin(parts, async ({ client_id: id, by }, _input, c) => {
    const removed = await parts.desks.mcp.servers.remove({ id }, serverIn(c), by)
    return removed.ok ? succeed(serverIn(c)) : removed
  })
}

/** The server that the path names. */
export function serverIn(c: HttpContext): { id: string } {
  return { id: idIn(c, 'server_id') }
}

/** As it is now. */
async function told(
  { desks }: HttpParts,
  clientId: string,
  server: { id: string },
): Promise<Result<McpServerTold>> {
  const found = await desks.mcp.servers.find({ id: clientId }, server)
  return found.ok ? succeed({ server: presentServer(found.data) }) : found
}
