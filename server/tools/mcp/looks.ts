import type { Database, Statement } from '../../infra/database.ts'
import type { Logger } from '../../infra/logger.ts'
import type { Secrets } from '../../infra/secrets.ts'
import type { McpClient } from '../../integrations/mcp/client.ts'
import { addressOf, type KeptAddress } from './address.ts'
import { listServer, type Listing } from './listing.ts'

/** A server as it is looked at. */
export interface LookedAt extends KeptAddress {
  client_id: string
  /** Of the protocol, as it was settled before; null: not yet. */
  revision: string | null
}

/** What looking came to. `withdrawn`: names of approved tools that are not offered any more, since they changed or are gone. */
export type Look = (Extract<Listing, { ok: true }> & { withdrawn: string[] }) | { ok: false; words: string }

/** Looks at what servers list, and keeps it beside what was approved. */
export interface McpLooks {
  /** Looks now. Rejects with the signal's reason, or `DatabaseUnavailable`. */
  look(server: LookedAt, signal: AbortSignal): Promise<Look>
  /** Looks unless somebody has within `seconds`, on whichever node; null: somebody has. Rejects as `look`. */
  lookIfDue(serverId: string, seconds: number, signal: AbortSignal): Promise<Look | null>
}

export interface LookParts {
  database: Pick<Database, 'run'>
  client: McpClient
  secrets: Secrets
  log: Logger
}

/** A tool whose definition changed is withdrawn with the very statement that keeps the new one. */
export function createMcpLooks({ database, client, secrets, log }: LookParts): McpLooks {
  return {
    look,
    async lookIfDue(serverId, seconds, signal) {
      const [server] = await database.run<LookedAt>(CLAIM, [serverId, seconds])
      return server ? look(server, signal) : null
    },
  }

  async function look(server: LookedAt, signal: AbortSignal): Promise<Look> {
    const { id, client_id, url, credential, revision } = server
    const to = addressOf(server, { secrets, log })
    const listing = to
      ? await listServer(client, { to, known: revision }, signal)
      : { ok: false as const, words: 'its credential cannot be read: enter it again' }
    if (!listing.ok) {
      await database.run(FAILED, [id, url, credential, listing.words])
      return listing
    }
    const found = listing.tools.map(({ definition, hash }) => ({ ...definition, hash }))
    const kept = [id, url, credential, listing.revision, JSON.stringify(found)]
    const rows = await database.run<{ id: string; name: string; gone: boolean }>(KEEP, kept)
    for (const { id: tool_id, gone } of rows) {
      const code = gone ? 'mcp_tool_gone' : 'mcp_tool_changed'
      log.warn({ code, client_id, server_id: id, tool_id }, 'a tool is withdrawn, and wants approval')
    }
    return { ...listing, withdrawn: rows.map(({ name }) => name) }
  }
}

/** $1 server $2 seconds */
const CLAIM: Statement = {
  name: 'tools/claim-mcp-look',
  text: `
    UPDATE mcp_servers SET looked_at = now()
    WHERE id = $1::uuid AND enabled AND (looked_at IS NULL OR looked_at < now() - make_interval(secs => $2::float8))
    RETURNING id, client_id, url, credential_header, credential, revision`,
}

/** $1 server $2 URL $3 credential, as they were asked $4 why */
const FAILED: Statement = {
  name: 'tools/fail-mcp-look',
  text: `
    UPDATE mcp_servers SET looked_at = now(), fault = $4
    WHERE id = $1::uuid AND url = $2 AND credential IS NOT DISTINCT FROM $3::text`,
}

/**
 * $1 server $2 URL $3 credential, as they were asked $4 revision $5 definitions
 * What a server lists no more is kept where it was approved: it may come back, and then has to be the same.
 */
const KEEP: Statement = {
  name: 'tools/keep-mcp-listing',
  text: `
    WITH s AS (
      UPDATE mcp_servers SET looked_at = now(), listed_at = now(), fault = NULL, revision = $4
      WHERE id = $1::uuid AND url = $2 AND credential IS NOT DISTINCT FROM $3::text RETURNING id
    ), found AS (
      SELECT * FROM jsonb_to_recordset($5::jsonb)
        AS f(name text, description text, input_schema jsonb, annotations jsonb, hash text)
    ), before AS (
      SELECT t.id, t.name, t.listed, t.hash, t.approved_hash FROM mcp_tools t JOIN s ON t.server_id = s.id
    ), saved AS (
      INSERT INTO mcp_tools (server_id, name, description, input_schema, annotations, hash)
      SELECT s.id, f.name, f.description, f.input_schema, f.annotations, f.hash FROM s CROSS JOIN found f
      ON CONFLICT (server_id, name) DO UPDATE SET description = EXCLUDED.description,
        input_schema = EXCLUDED.input_schema, annotations = EXCLUDED.annotations, hash = EXCLUDED.hash, listed = true
    ), gone AS (
      UPDATE mcp_tools t SET listed = false FROM s
      WHERE t.server_id = s.id AND t.approved_hash IS NOT NULL AND t.name NOT IN (SELECT name FROM found)
    ), forgotten AS (
      DELETE FROM mcp_tools t USING s
      WHERE t.server_id = s.id AND t.approved_hash IS NULL AND t.name NOT IN (SELECT name FROM found)
    )
    SELECT b.id, b.name, f.name IS NULL AS gone FROM before b LEFT JOIN found f ON f.name = b.name
    WHERE b.listed AND b.hash = b.approved_hash AND (f.name IS NULL OR f.hash <> b.approved_hash)`,
}
