import { refuse, succeed } from '../../../../protocol/result.ts'
import { definitionDiff, definitionLines } from '../../../tools/mcp/definition-text.ts'
import type { McpToolPlace } from '../../../tools/mcp/mcp-tools.ts'
import type { Endpoint } from '../../endpoint.ts'
import { forClientAdmin, idIn } from '../../for-admin.ts'
import type { HttpContext, HttpParts } from '../../http-env.ts'
import { serverIn } from './mcp-servers.ts'
import { presentMcpTool } from './present-mcp.ts'

type One = '/api/admin/clients/:client_id/mcp-servers/:server_id/tools/:mcp_tool_id'

export function readTool(parts: HttpParts): Endpoint<`GET ${One}`> {
  return forClientAdmin(parts, async ({ client_id }, _input, c) => {
    const { client, server, tool: name } = placeIn(c, client_id)
    const found = await parts.desks.mcp.servers.find(client, server)
    if (!found.ok) return found
    const tool = found.data.tools?.find(({ id }) => id === name.id)
    if (!tool) return refuse('not_found')
    const { approved } = tool
    const changed = approved !== null && tool.approved_hash !== tool.hash
    const lines = changed ? definitionDiff(approved, tool) : definitionLines(tool)
    return succeed({ tool: presentMcpTool(found.data, tool), changed, lines })
  })
}

export function approveTool(parts: HttpParts): Endpoint<`POST ${One}/approve`> {
  const { servers, tools } = parts.desks.mcp
  return forClientAdmin(parts, async ({ client_id, person, by }, { body }, c) => {
    const place = placeIn(c, client_id)
    const { hash, ...changes } = body
    const approved = await tools.approve(place, { hash, by: person.name, changes }, by)
    if (!approved.ok) return approved
    const server = await servers.find(place.client, place.server)
    return server.ok ? succeed({ tool: presentMcpTool(server.data, approved.data) }) : server
  })
}

export function changeTool(parts: HttpParts): Endpoint<`PATCH ${One}`> {
  const { servers, tools } = parts.desks.mcp
  return forClientAdmin(parts, async ({ client_id, by }, { body }, c) => {
    const place = placeIn(c, client_id)
    const changed = await tools.set(place, body, by)
    if (!changed.ok) return changed
    const server = await servers.find(place.client, place.server)
    return server.ok ? succeed({ tool: presentMcpTool(server.data, changed.data) }) : server
  })
}

function placeIn(c: HttpContext, clientId: string): McpToolPlace & { tool: { id: string } } {
  return { client: { id: clientId }, server: serverIn(c), tool: { id: idIn(c, 'mcp_tool_id') } }
}
