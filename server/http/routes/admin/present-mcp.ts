import type { McpServer } from '../../../../models/mcp-server.ts'
import type { McpTool } from '../../../../models/mcp-tool.ts'
import type { McpServerRow, McpToolRow } from '../../../../protocol/mcp-keeping.ts'
import { offeredName } from '../../../tools/mcp/model-words.ts'
import { shownInLine, shownText } from '../../../tools/mcp/shown-text.ts'
import { standingOf, type Standing } from '../../../tools/mcp/standing.ts'

/** A server as people see it: never its credential. */
export function presentServer(kept: McpServer): McpServerRow {
  const { id, name, url, credential_header, tells_visitor, enabled, revision, fault, tools = [] } = kept
  return {
    ...{ id, name, url, credential_header, tells_visitor, enabled, revision },
    fault: fault === null ? null : shownInLine(fault),
    listed_at: kept.listed_at?.toISOString() ?? null,
    tools: tools.map((tool) => presentMcpTool(kept, tool)),
    created_at: kept.created_at.toISOString(),
  }
}

/** A tool of it. The server's words are shown as they are, what nobody would see of them included. */
export function presentMcpTool({ name: server }: Pick<McpServer, 'name'>, tool: McpTool): McpToolRow {
  const { id, name, description, hash, enabled, policy, idempotent, label, approved_by } = tool
  const standing = standingOf(tool)
  return {
    ...{
      id,
      name: shownInLine(name),
      called: offeredName(server, name),
      description: shownText(description),
    },
    standing: STANDINGS[standing.kind],
    problem: 'problem' in standing ? shownInLine(standing.problem) : null,
    ...{ hash, enabled, policy, idempotent, label, approved_by },
    approved_at: tool.approved_at?.toISOString() ?? null,
  }
}

const STANDINGS: Record<Standing['kind'], McpToolRow['standing']> = {
  offered: 'offered',
  'switched off': 'off',
  gone: 'gone',
  'new, wants approval': 'new',
  'changed, wants approval': 'changed',
  'cannot be offered': 'unfit',
}
