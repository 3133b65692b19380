import { readVersion } from '../../config/version.ts'
import type { Database } from '../../infra/database.ts'
import type { Logger } from '../../infra/logger.ts'
import type { Outbound } from '../../infra/outbound/index.ts'
import type { Secrets } from '../../infra/secrets.ts'
import { createMcpClient } from '../../integrations/mcp/client.ts'
import type { ToolSource } from '../usable-tool.ts'
import { createMcpCalls } from './calls.ts'
import { createMcpLooks } from './looks.ts'
import { createMcpToolSource } from './mcp-tool-source.ts'
import { McpWatch } from './watch.ts'

export interface McpParts {
  database: Database
  secrets: Secrets
  outbound: Outbound
  log: Logger
}

/** The tools of MCP servers, and who looks whether they are still what was approved. */
export interface McpRoom {
  source: ToolSource
  watch: McpWatch
}

export function createMcpRoom({ database, secrets, outbound, log }: McpParts): McpRoom {
  const client = createMcpClient({ outbound, caller: { name: 'Parlor', version: readVersion() } })
  const looks = createMcpLooks({ database, client, secrets, log })
  const calls = createMcpCalls({ client })
  const source = createMcpToolSource({ database, secrets, calls, looks, log })
  return { source, watch: new McpWatch({ database, dueLooks: source.dueLooks, log }) }
}
