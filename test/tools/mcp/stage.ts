import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { defineModels } from '../../../models/index.ts'
import type { McpTool } from '../../../models/mcp-tool.ts'
import type { VisitorSession } from '../../../server/auth/visitor-session.ts'
import type { Database } from '../../../server/infra/database.ts'
import type { Logger } from '../../../server/infra/logger.ts'
import { createOutbound } from '../../../server/infra/outbound/index.ts'
import { createSecrets } from '../../../server/infra/secrets.ts'
import { createSchemaCompiler } from '../../../server/infra/validate.ts'
import { createMcpClient } from '../../../server/integrations/mcp/client.ts'
import { createMcpCalls, type McpCallParts } from '../../../server/tools/mcp/calls.ts'
import { createMcpLooks } from '../../../server/tools/mcp/looks.ts'
import { createMcpServers } from '../../../server/tools/mcp/mcp-servers.ts'
import { createMcpToolSource } from '../../../server/tools/mcp/mcp-tool-source.ts'
import { createMcpTools } from '../../../server/tools/mcp/mcp-tools.ts'
import { silentLog } from '../../support/databases.ts'
import { makeVisitor } from '../../support/heart.ts'

const { signal } = new AbortController()

/** Everything by which a person keeps servers, and a model calls them. */
export type McpStage = ReturnType<typeof setMcpStage>

export function setMcpStage(database: Database, allow: readonly string[], log: Logger = silentLog) {
  const models = defineModels(database.sequelize)
  const compile = createSchemaCompiler()
  const secrets = createSecrets({ encryption: randomBytes(32), encryptionPrevious: null })
  const outbound = createOutbound({ allow })
  const client = createMcpClient({ outbound, caller: { name: 'Parlor', version: '1.0.0' } })
  const servers = createMcpServers(database, models, { compile, secrets, allow })
  const tools = createMcpTools(database, models, compile)
  const looks = createMcpLooks({ database, client, secrets, log })

  const find = async (clientKey: string, name: string) => {
    const listed = await servers.list({ api_key: clientKey })
    assert.ok(listed.ok)
    const server = listed.data.find((one) => one.name === name)
    assert.ok(server)
    return server
  }
  return {
    ...{ models, secrets, servers, tools, looks, find },
    /** What a node has of it; each node has its own. */
    source: (more: { lookEvery?: number; now?: () => number } & Omit<McpCallParts, 'client'> = {}) => {
      const { lookEvery, now, ...calling } = more
      const calls = createMcpCalls({ client, ...calling })
      const given = { ...(lookEvery !== undefined && { lookEvery }), ...(now && { now }) }
      return createMcpToolSource({ database, secrets, calls, looks, log, ...given })
    },
    /** Lists a server and gives its tools, by name. */
    async look(clientKey: string, name: string) {
      const looked = await looks.look(await find(clientKey, name), signal)
      assert.ok(looked.ok, JSON.stringify(looked))
      const { tools: kept = [] } = await find(clientKey, name)
      return { looked, tools: Object.fromEntries(kept.map((tool): [string, McpTool] => [tool.name, tool])) }
    },
    /** Adds a server and approves tools of it, as `read` where nothing else is said. */
    async connect(clientKey: string, { name, url, approve = {} }: Connected) {
      const added = await servers.add({ api_key: clientKey }, { name, url })
      assert.ok(added.ok, JSON.stringify(added))
      const { tools: listed } = await this.look(clientKey, name)
      for (const [tool, changes] of Object.entries(approve)) {
        const hash = listed[tool]!.hash
        const place = { client: { api_key: clientKey }, server: { name }, tool: { name: tool } }
        const done = await tools.approve(place, { hash, by: 'Ada', changes: { policy: 'read', ...changes } })
        assert.ok(done.ok, JSON.stringify(done))
      }
      return added.data.id
    },
  }
}

interface Connected {
  name: string
  url: string
  approve?: Record<string, Record<string, unknown>>
}

/** A client, by its key, and a visitor of it. */
export async function makeMcpClient(
  database: Database,
): Promise<{ clientKey: string; visitor: VisitorSession }> {
  const visitor = await makeVisitor(database)
  const [rows] = await database.sequelize.query('SELECT api_key FROM clients WHERE id = $1', {
    bind: [visitor.client_id],
  })
  return { visitor, clientKey: (rows[0] as { api_key: string }).api_key }
}
