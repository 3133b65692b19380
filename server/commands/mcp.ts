import { userInfo } from 'node:os'
import { text as readAll } from 'node:stream/consumers'
import { defineModels, type Models } from '../../models/index.ts'
import type { McpServer } from '../../models/mcp-server.ts'
import { refuse, succeed, type Result } from '../../protocol/result.ts'
import type { Config } from '../config/config.ts'
import { readVersion } from '../config/version.ts'
import type { Database } from '../infra/database.ts'
import { createLogger } from '../infra/logger.ts'
import { createOutbound } from '../infra/outbound/index.ts'
import { createSecrets } from '../infra/secrets.ts'
import { createSchemaCompiler } from '../infra/validate.ts'
import { createMcpClient, type McpClient } from '../integrations/mcp/client.ts'
import { addressOf } from '../tools/mcp/address.ts'
import { listServer } from '../tools/mcp/listing.ts'
import { createMcpLooks, type McpLooks } from '../tools/mcp/looks.ts'
import { createMcpServers, type McpServers } from '../tools/mcp/mcp-servers.ts'
import { createMcpTools, type McpTools } from '../tools/mcp/mcp-tools.ts'
import { shownInLine } from '../tools/mcp/shown-text.ts'
import { complain, complainOfUse, say, type Command } from './command.ts'
import { readMcpCommand, type McpCommand } from './mcp-options.ts'
import { describeLook, describeServers, describeTool } from './mcp-report.ts'
import { withDatabase } from './with-database.ts'

/** Servers of the Model Context Protocol, and which of their tools a client's model may call. */
export const mcp: Command = {
  help: [
    ['mcp list --client KEY', 'list a client’s MCP servers, and how their tools stand'],
    ['mcp add NAME --client KEY --url URL [--tells-visitor yes|no]', 'connect a server; offers nothing yet'],
    [
      'mcp credential NAME --client KEY [--header NAME] [--none]',
      'keep the token by which the server knows the client, from stdin; in another header than Authorization, as it is',
    ],
    ['mcp test NAME --client KEY', 'say whether it answers, and keep nothing'],
    [
      'mcp look NAME [TOOL] --client KEY',
      'list its tools anew, and show what wants approval, or one of them',
    ],
    [
      'mcp approve NAME TOOL --client KEY --hash HASH [--by WHO] [--policy read|write|confirm] [--idempotent yes|no] [--label TEXT]',
      'let the model call a tool as it was shown, under that hash; within 5 seconds',
    ],
    [
      'mcp set NAME [TOOL] --client KEY [--url URL] [--tells-visitor yes|no] [--enabled yes|no] [--policy ...] [--idempotent yes|no] [--label TEXT]',
      'change a server, or how one of its tools is used',
    ],
    ['mcp remove NAME --client KEY', 'take a server away, with all that was approved of it'],
  ],
  run(args) {
    const command = readMcpCommand(args)
    if (!command) return Promise.resolve(complainOfUse(`"mcp ${args.join(' ')}" is not known.`, mcp))
    return withDatabase((database, config) => obey(command, openDesk(database, config)))
  },
}

interface Desk {
  servers: McpServers
  tools: McpTools
  looks: McpLooks
  client: McpClient
  address: (server: McpServer) => ReturnType<typeof addressOf>
}

function openDesk(database: Database, config: Config): Desk {
  const models: Models = defineModels(database.sequelize)
  const compile = createSchemaCompiler()
  const secrets = createSecrets(config.secrets)
  const log = createLogger(config.log)
  const outbound = createOutbound(config.outbound)
  const client = createMcpClient({ outbound, caller: { name: 'Parlor', version: readVersion() } })
  return {
    servers: createMcpServers(database, models, { compile, secrets, allow: config.outbound.allow }),
    tools: createMcpTools(database, models, compile),
    looks: createMcpLooks({ database, client, secrets, log }),
    client,
    address: (server) => addressOf(server, { secrets, log }),
  }
}

async function obey(command: McpCommand, desk: Desk): Promise<number> {
  const { servers, tools } = desk
  const { client } = command
  switch (command.verb) {
    case 'list':
      return tell(await servers.list(client), describeServers)
    case 'add':
      return tell(
        await servers.add(client, command.given),
        ({ name }) => `Added. Look at it: mcp look ${name}`,
      )
    case 'credential':
      return tell(await servers.setCredential(client, command.server, await credentialOf(command)), () =>
        command.none ? 'Deleted.' : 'Kept, encrypted. It is not shown again.',
      )
    case 'remove':
      return tell(await servers.remove(client, command.server), () => 'Removed.')
    case 'test':
      return tell(await test(command, desk), (words) => words)
    case 'look':
      return tell(await look(command, desk), (words) => words)
    case 'approve': {
      const { server, tool, hash, changes, by } = command
      const approval = { hash, changes, by: by ?? userInfo().username }
      const done = await tools.approve({ clientKey: client, server, tool }, approval)
      return tell(done, ({ policy }) => `Approved, as "${policy}". The model may call it within 5 seconds.`)
    }
    case 'set':
      return tell(await set(command, desk), (words) => words)
  }
}

function tell<T>(result: Result<T>, word: (data: T) => string): number {
  return result.ok ? say(word(result.data)) : complain(shownInLine(result.error.message))
}

/** Arguments are seen by everybody on the machine; stdin is not. */
async function credentialOf({ header, none }: Extract<McpCommand, { verb: 'credential' }>): Promise<unknown> {
  if (none) return null
  const value = (await readAll(process.stdin)).trim()
  return header === null ? { header: 'authorization', value: `Bearer ${value}` } : { header, value }
}

async function set(
  { client, server, tool, changes }: Extract<McpCommand, { verb: 'set' }>,
  { servers, tools }: Desk,
): Promise<Result<string>> {
  if (tool !== null) {
    const done = await tools.set({ clientKey: client, server, tool }, changes)
    return done.ok ? succeed('Changed.') : done
  }
  const done = await servers.set(client, server, changes)
  if (!done.ok) return done
  return succeed(
    done.data.lostCredential ? 'Changed. The credential was of another host: enter it again.' : 'Changed.',
  )
}

/** As it was read last. */
async function find({ servers }: Desk, client: string, name: string): Promise<Result<McpServer>> {
  const listed = await servers.list(client)
  if (!listed.ok) return listed
  const server = listed.data.find((one) => one.name === name)
  return server ? succeed(server) : refuse('not_found', `The client has no server "${name}".`)
}

async function test(
  { client, server: name }: Extract<McpCommand, { verb: 'test' }>,
  desk: Desk,
): Promise<Result<string>> {
  const found = await find(desk, client, name)
  if (!found.ok) return found
  const to = desk.address(found.data)
  if (!to) return refuse('invalid_payload', `"${name}": its credential cannot be read: enter it again.`)
  const listing = await listServer(desk.client, { to, known: null }, new AbortController().signal)
  if (!listing.ok) return refuse('invalid_payload', `"${name}" cannot be used: ${listing.words}.`)
  const { revision, tools, unreadable } = listing
  const left = unreadable.length === 0 ? '' : `, and ${String(unreadable.length)} that cannot be read`
  return succeed(`"${name}" answers, in revision ${revision}. Tools: ${String(tools.length)}${left}.`)
}

async function look(
  { client, server: name, tool }: Extract<McpCommand, { verb: 'look' }>,
  desk: Desk,
): Promise<Result<string>> {
  const before = await find(desk, client, name)
  if (!before.ok) return before
  const looked = await desk.looks.look(before.data, new AbortController().signal)
  if (!looked.ok) return refuse('invalid_payload', `"${name}" cannot be listed: ${looked.words}.`)
  const after = await find(desk, client, name)
  if (!after.ok) return after
  if (tool === null) return succeed(describeLook(after.data, looked.unreadable, looked.cut))
  const one = after.data.tools?.find((listed) => listed.name === tool)
  return one
    ? succeed(describeTool(after.data, one))
    : refuse('not_found', `"${name}" lists no tool of this name.`)
}
