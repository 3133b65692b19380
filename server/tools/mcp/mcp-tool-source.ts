import { LRUCache } from 'lru-cache'
import type { ToolPolicy } from '../../../models/client-tool.ts'
import { MCP_KEEPING } from '../../../protocol/mcp.ts'
import type { Database, Statement } from '../../infra/database.ts'
import { KeptAnswers } from '../../infra/kept-answers.ts'
import type { Logger } from '../../infra/logger.ts'
import type { Secrets } from '../../infra/secrets.ts'
import type { CheckedSchema } from '../catalogue/parameters-schema.ts'
import type { ToolOutcome } from '../outcome.ts'
import { spokenName } from '../spoken-name.ts'
import type { AskedCall, ToolSource, UsableTool } from '../usable-tool.ts'
import { addressOf, type KeptAddress } from './address.ts'
import type { McpCalls } from './calls.ts'
import { DueLooks } from './due-looks.ts'
import { fitSchema } from './fit-schema.ts'
import type { McpLooks } from './looks.ts'
import { offeredDescription, offeredName } from './model-words.ts'

/** Milliseconds for which an answer holds, answers kept, and compiled schemas kept. */
const KEPT = { for: 5_000, clients: 2_000, schemas: 500 } as const

/** Seconds for which a look at a server holds that is in use. */
const LOOK_EVERY = 600

export interface McpSourceParts {
  database: Pick<Database, 'run'>
  secrets: Secrets
  calls: McpCalls
  looks: Pick<McpLooks, 'lookIfDue'>
  log: Logger
  /** Seconds. */
  lookEvery?: number
  /** Milliseconds, by a clock that never goes back. */
  now?: () => number
}

export interface McpToolSource extends ToolSource {
  /** Looks at servers that are due, beside what happens. */
  dueLooks: DueLooks
}

/**
 * The tools of servers that a person approved, as they were approved: one whose definition has changed since is not among
 * them. A turn waits for no listing. A server that is in use is looked at beside it, and a call asks once more whether its
 * tool is still what was approved.
 */
export function createMcpToolSource(parts: McpSourceParts): McpToolSource {
  const {
    database,
    secrets,
    calls,
    looks,
    log,
    lookEvery = LOOK_EVERY,
    now = () => performance.now(),
  } = parts
  const kept = new KeptAnswers<readonly UsableTool[]>({ ms: KEPT.for, most: KEPT.clients, now })
  const schemas = new LRUCache<string, CheckedSchema>({ max: KEPT.schemas })
  const dueLooks = new DueLooks({
    ...{ looks, log, every: lookEvery },
    onLook(_, look) {
      if (look.ok && look.withdrawn.length > 0) kept.clear()
    },
  })

  return {
    dueLooks,
    of: (clientId) => kept.of(clientId, () => load(clientId)),
  }

  async function load(clientId: string): Promise<readonly UsableTool[]> {
    const rows = await database.run<Row>(LOAD, [clientId, MCP_KEEPING.toolsPerClient, lookEvery])
    for (const { server_id, due } of rows) if (due) dueLooks.ask(server_id)
    return rows.flatMap((row) => usable(row, clientId))
  }

  function usable(row: Row, client_id: string): UsableTool[] {
    const { tool_id, server_name, name, policy, idempotent, label } = row
    const to = addressOf({ ...row, id: row.server_id }, { secrets, log })
    const fitted = fittedOnce(row)
    if (!fitted.ok) log.warn({ code: 'mcp_schema_broken', client_id, tool_id }, 'a tool is not offered')
    if (!fitted.ok || !to) return []
    const description = offeredDescription(row.description)
    const definition = { name: offeredName(server_name, name), description, parameters: fitted.schema }
    const server = { id: row.server_id, revision: row.revision }
    return [
      {
        ...{ definition, check: fitted.check, policy, idempotent },
        label: label ?? spokenName(name),
        returnsOthersWords: true,
        async call(asked, signal): Promise<ToolOutcome> {
          const [still] = await database.run(STILL_APPROVED, [tool_id, row.hash, client_id])
          if (!still) return { refused: WITHDRAWN }
          const { given, timeLeft, to: place } = asked
          const { conversation_id } = place
          const meta = metaOf(asked, row)
          return calls.call({ to, server, name, given, meta, conversation_id, timeLeft }, signal)
        },
      },
    ]
  }

  function fittedOnce({ hash, input_schema }: Row): CheckedSchema {
    const found = schemas.get(hash) ?? fitSchema(input_schema)
    schemas.set(hash, found)
    return found
  }
}

const WITHDRAWN =
  'Not run: this tool was withdrawn a moment ago, since it is not what was approved. Say that it cannot be done now.'

/** What a server is told beside the arguments. Only where the client says so, it hears who the visitor is. */
function metaOf({ key, for: visitor }: AskedCall, { tells_visitor }: Row): Record<string, unknown> {
  const { user_identifier: user_id, proven: verified } = visitor
  return {
    'parlor/idempotency-key': key,
    ...(tells_visitor && { 'parlor/visitor': { user_id, verified } }),
  }
}

interface Row extends Omit<KeptAddress, 'id'> {
  tool_id: string
  server_id: string
  server_name: string
  revision: string | null
  tells_visitor: boolean
  due: boolean
  name: string
  description: string
  input_schema: Record<string, unknown>
  hash: string
  policy: ToolPolicy
  idempotent: boolean
  label: string | null
}

/** $1 client $2 tools at most $3 seconds for which a look holds */
const LOAD: Statement = {
  name: 'tools/load-mcp-tools',
  text: `
    SELECT t.id AS tool_id, s.id AS server_id, s.name AS server_name, s.url, s.credential_header, s.credential,
      s.revision, s.tells_visitor, t.name, t.description, t.input_schema, t.hash, t.policy, t.idempotent, t.label,
      s.looked_at IS NULL OR s.looked_at < now() - make_interval(secs => $3::float8) AS due
    FROM mcp_tools t JOIN mcp_servers s ON s.id = t.server_id
    WHERE s.client_id = $1::uuid AND s.enabled AND t.enabled AND t.listed AND t.hash = t.approved_hash
    ORDER BY s.name, t.name LIMIT $2::int`,
}

/** $1 tool $2 the hash of what the model was offered $3 client */
const STILL_APPROVED: Statement = {
  name: 'tools/still-approved-mcp-tool',
  text: `
    SELECT t.id FROM mcp_tools t JOIN mcp_servers s ON s.id = t.server_id
    WHERE t.id = $1::uuid AND s.client_id = $3::uuid AND s.enabled AND t.enabled AND t.listed
      AND t.hash = $2 AND t.approved_hash = $2`,
}
