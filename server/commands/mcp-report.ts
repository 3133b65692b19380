import type { McpServer } from '../../models/mcp-server.ts'
import type { McpTool } from '../../models/mcp-tool.ts'
import { definitionDiff, definitionLines } from '../tools/mcp/definition-text.ts'
import type { UnreadableTool } from '../tools/mcp/listing.ts'
import { offeredName } from '../tools/mcp/model-words.ts'
import { shownInLine } from '../tools/mcp/shown-text.ts'
import { standingOf } from '../tools/mcp/standing.ts'

/** What servers there are and how their tools stand, a line for each. */
export function describeServers(servers: readonly McpServer[]): string {
  if (servers.length === 0) return 'This client has no MCP servers.'
  return servers
    .map((server) => [describeServer(server), ...(server.tools ?? []).map(lineOf)].join('\n'))
    .join('\n')
}

/** What a person has to see of a server: all of what is new, and what has changed of what was approved. */
export function describeLook(server: McpServer, unreadable: readonly UnreadableTool[], cut: boolean): string {
  const tools = server.tools ?? []
  return [
    describeServer(server),
    ...tools.map((tool) => (WANTING.has(standingOf(tool).kind) ? describeTool(server, tool) : lineOf(tool))),
    ...unreadable.map(
      ({ name, problem }) => `  ${shownInLine(name) || '(no name)'}  left out: it ${problem}`,
    ),
    ...(cut ? ['  There is more, which is not taken.'] : []),
  ].join('\n')
}

/** All of one tool. */
export function describeTool({ name: server }: McpServer, tool: McpTool): string {
  const { approved, name, hash } = tool
  const changed = approved !== null && tool.approved_hash !== hash
  const lines = changed ? definitionDiff(approved, tool) : definitionLines(tool)
  return [
    lineOf(tool),
    `    for the model: ${offeredName(server, name)}`,
    `    hash: ${hash}`,
    ...lines.map((line) => `    | ${line}`),
  ].join('\n')
}

const WANTING: ReadonlySet<string> = new Set(['new, wants approval', 'changed, wants approval'])

function describeServer({
  name,
  url,
  enabled,
  credential_header,
  tells_visitor,
  listed_at,
  fault,
}: McpServer): string {
  const traits = [
    enabled ? 'enabled' : 'disabled',
    credential_header === null ? 'no credential' : `credential in ${credential_header}`,
    ...(tells_visitor ? ['is told who the visitor is'] : []),
    listed_at === null ? 'never listed' : `listed ${listed_at.toISOString()}`,
    ...(fault === null ? [] : [`last look failed: ${shownInLine(fault)}`]),
  ]
  return `${name}  ${shownInLine(url)}  ${traits.join(', ')}`
}

function lineOf(tool: McpTool): string {
  const standing = standingOf(tool)
  const { policy, idempotent, label, approved_by } = tool
  const problem = 'problem' in standing ? `: ${shownInLine(standing.problem)}` : ''
  const use =
    approved_by === null
      ? []
      : [policy, ...(idempotent ? ['idempotent'] : []), `approved by ${shownInLine(approved_by)}`]
  return ['', shownInLine(tool.name), `${standing.kind}${problem}`, use.join(', '), label ?? '']
    .join('  ')
    .trimEnd()
}
