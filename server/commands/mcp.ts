import { userInfo } from 'node:os'
import { text as readAll } from 'node:stream/consumers'
import { defineModels } from '../../models/index.ts'
import { refuse, succeed, type Result } from '../../protocol/result.ts'
import type { Config } from '../config/config.ts'
import type { Database } from '../infra/database.ts'
import { createLogger } from '../infra/logger.ts'
import { createOutbound } from '../infra/outbound/index.ts'
import { createSecrets } from '../infra/secrets.ts'
import { createSchemaCompiler } from '../infra/validate.ts'
import { openMcpDesk, type McpDesk } from '../tools/mcp/desk.ts'
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

function openDesk(database: Database, config: Config): McpDesk {
  return openMcpDesk({
    ...{ database, models: defineModels(database.sequelize), compile: createSchemaCompiler() },
    ...{ secrets: createSecrets(config.secrets), outbound: createOutbound(config.outbound) },
    ...{ allow: config.outbound.allow, log: createLogger(config.log) },
  })
}

async function obey(command: McpCommand, desk: McpDesk): Promise<number> {
  const { servers, tools } = desk
  const client = { api_key: command.client }
  switch (command.verb) {
    case 'list':
      return tell(await servers.list(client), describeServers)
    case 'add':
      return tell(
        await servers.add(client, command.given),
        ({ name }) => `Added. Look at it: mcp look ${name}`,
      )
    case 'credential':
      return tell(
        await servers.setCredential(client, { name: command.server }, await credentialOf(command)),
        () => (command.none ? 'Deleted.' : 'Kept, encrypted. It is not shown again.'),
      )
    case 'remove':
      return tell(await servers.remove(client, { name: command.server }), () => 'Removed.')
    case 'test':
      return tell(await test(command, desk), (words) => words)
    case 'look':
      return tell(await look(command, desk), (words) => words)
    case 'approve': {
      const { server, tool, hash, changes, by } = command
      const approval = { hash, changes, by: by ?? userInfo().username }
      const place = { client, server: { name: server }, tool: { name: tool } }
      const done = await tools.approve(place, approval)
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
  { client: api_key, server: name, tool, changes }: Extract<McpCommand, { verb: 'set' }>,
  { servers, tools }: McpDesk,
): Promise<Result<string>> {
  const [client, server] = [{ api_key }, { name }]
  if (tool !== null) {
    const done = await tools.set({ client, server, tool: { name: tool } }, changes)
    return done.ok ? succeed('Changed.') : done
  }
  const done = await servers.set(client, server, changes)
  if (!done.ok) return done
  return succeed(
    done.data.lostCredential ? 'Changed. The credential was of another host: enter it again.' : 'Changed.',
  )
}

async function test(
  { client: api_key, server: name }: Extract<McpCommand, { verb: 'test' }>,
  desk: McpDesk,
): Promise<Result<string>> {
  const tested = await desk.test({ client: { api_key }, server: { name } }, new AbortController().signal)
  if (!tested.ok) return tested
  const { ok, message } = tested.data
  return ok ? succeed(message) : refuse('invalid_payload', message)
}

async function look(
  { client: api_key, server: name, tool }: Extract<McpCommand, { verb: 'look' }>,
  desk: McpDesk,
): Promise<Result<string>> {
  const looked = await desk.look({ client: { api_key }, server: { name } }, new AbortController().signal)
  if (!looked.ok) return looked
  const { ok, message, server, unreadable, cut } = looked.data
  if (!ok) return refuse('invalid_payload', message)
  if (tool === null) return succeed(describeLook(server, unreadable, cut))
  const one = server.tools?.find((listed) => listed.name === tool)
  return one
    ? succeed(describeTool(server, one))
    : refuse('not_found', `"${name}" lists no tool of this name.`)
}
