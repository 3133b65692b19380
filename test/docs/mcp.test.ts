import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { MCP_KEEPING } from '../../protocol/mcp.ts'
import { TOOL_LIMITS } from '../../protocol/tools.ts'
import { readMcpCommand } from '../../server/commands/mcp-options.ts'
import { MCP_LIMITS } from '../../server/integrations/mcp/limits.ts'
import { STATELESS, WITH_HANDSHAKE } from '../../server/integrations/mcp/revisions.ts'
import { DEFINITION_LIMITS } from '../../server/tools/mcp/tool-definition.ts'

const PAGE = readFileSync(join(import.meta.dirname, '../../docs/mcp.md'), 'utf8')

describe('docs/mcp.md', () => {
  it('shows commands that are understood', () => {
    const commands = [...PAGE.matchAll(/^npm run parlor -- mcp ([^<\n]+)/gm)].map(([, args = '']) => args.trim())
    assert.equal(commands.length, 5)
    for (const command of commands) assert.ok(readMcpCommand(command.split(' ')), command)
  })

  it('tells the limits that hold, and the revisions that are spoken', () => {
    const { tools, pages, pageBytes, callBytes, call } = MCP_LIMITS
    const { description, length, depth } = DEFINITION_LIMITS
    for (const told of [
      `| tools listed | ${tools}, on ${pages} pages of ${pageBytes / 1_048_576} MB | servers | ${MCP_KEEPING.serversPerClient} |`,
      `| ${description.toLocaleString('en')} characters | tools approved | ${MCP_KEEPING.toolsPerClient} |`,
      `| ${length.toLocaleString('en')} characters, ${depth} within one another |`,
      `| more than ${callBytes / 1_024} KB, a redirect, another page, nothing within ${call / 1_000} s |`,
      `${TOOL_LIMITS.description.toLocaleString('en')}\ncharacters of it`,
      ...[STATELESS, ...WITH_HANDSHAKE],
    ])
      assert.ok(PAGE.includes(told), told)
  })
})
