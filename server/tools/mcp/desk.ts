import { readVersion } from '../../config/version.ts'
import type { McpServer } from '../../../models/mcp-server.ts'
import { succeed, type Result } from '../../../protocol/result.ts'
import { createMcpClient } from '../../integrations/mcp/client.ts'
import type { DeskParts } from '../desk-parts.ts'
import { addressOf } from './address.ts'
import type { ServerPlace } from './found.ts'
import { listServer, type UnreadableTool } from './listing.ts'
import { createMcpLooks } from './looks.ts'
import { createMcpServers, type McpServers } from './mcp-servers.ts'
import { createMcpTools, type McpTools } from './mcp-tools.ts'

/** All that keepers do with servers of the Model Context Protocol. Refused with `not_found` where there is no such one. */
export interface McpDesk {
  servers: McpServers
  tools: McpTools
  /** Says whether a server answers, and keeps nothing. Rejects with the signal's reason. */
  test(place: ServerPlace, signal: AbortSignal): Promise<Result<McpTest>>
  /** Lists a server's tools anew, and keeps what it found. Rejects as `test`. */
  look(place: ServerPlace, signal: AbortSignal): Promise<Result<McpLookedAt>>
}

/** In a sentence: that it answers, or why it cannot be used. */
export interface McpTest {
  ok: boolean
  message: string
}

export interface McpLookedAt extends McpTest {
  /** As it is now, with its tools. */
  server: McpServer
  /** Tools that were left out, and why. */
  unreadable: UnreadableTool[]
  /** There is more, which is not taken. */
  cut: boolean
}

export function openMcpDesk(parts: DeskParts): McpDesk {
  const { database, models, compile, outbound } = parts
  const client = createMcpClient({ outbound, caller: { name: 'Parlor', version: readVersion() } })
  const servers = createMcpServers(database, models, parts)
  const looks = createMcpLooks({ ...parts, client })
  return {
    servers,
    tools: createMcpTools(database, models, compile),

    async test(place, signal) {
      const found = await servers.find(place.client, place.server)
      if (!found.ok) return found
      const { name } = found.data
      const to = addressOf(found.data, parts)
      const listing = to
        ? await listServer(client, { to, known: null }, signal)
        : { ok: false as const, words: 'its credential cannot be read: enter it again' }
      if (!listing.ok) return succeed({ ok: false, message: `"${name}" cannot be used: ${listing.words}.` })
      const { revision, tools, unreadable } = listing
      const left = unreadable.length === 0 ? '' : `, and ${String(unreadable.length)} that cannot be read`
      const message = `"${name}" answers, in revision ${revision}. Tools: ${String(tools.length)}${left}.`
      return succeed({ ok: true, message })
    },

    async look(place, signal) {
      const before = await servers.find(place.client, place.server)
      if (!before.ok) return before
      const looked = await looks.look(before.data, signal)
      const after = await servers.find(place.client, place.server)
      if (!after.ok) return after
      const server = after.data
      if (!looked.ok) {
        const message = `"${server.name}" cannot be listed: ${looked.words}.`
        return succeed({ ok: false, message, server, unreadable: [], cut: false })
      }
      const { unreadable, cut, tools } = looked
      const message = `"${server.name}" lists ${String(tools.length)} tools.`
      return succeed({ ok: true, message, server, unreadable, cut })
    },
  }
}
