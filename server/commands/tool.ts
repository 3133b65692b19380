import { readFile } from 'node:fs/promises'
import { defineModels } from '../../models/index.ts'
import type { Result } from '../../protocol/result.ts'
import type { Config } from '../config/config.ts'
import type { Database } from '../infra/database.ts'
import { createSecrets } from '../infra/secrets.ts'
import { createSchemaCompiler } from '../infra/validate.ts'
import {
  createClientTools,
  type ClientTools,
  type ListedClientTool,
} from '../tools/catalogue/client-tools.ts'
import { createToolCatalogue, type ToolCatalogue } from '../tools/catalogue/tool-catalogue.ts'
import { complain, complainOfUse, say, type Command } from './command.ts'
import { readToolCommand, type ToolCommand } from './tool-options.ts'
import { withDatabase } from './with-database.ts'

/** What models may do: the catalogue of tools, and what each client makes of it. */
export const tool: Command = {
  help: [
    ['tool list [--client KEY]', 'list the tools of the catalogue, or those that a client uses'],
    ['tool save FILE', 'add the tool that a JSON file describes, or change the one of its name'],
    ['tool remove NAME', 'take a tool out of the catalogue, and from all clients'],
    [
      'tool set NAME --client KEY [--url URL] [--policy read|write|confirm] [--idempotent yes|no] [--label TEXT] [--config FILE] [--enabled yes|no]',
      'let a client use a tool, or change how; within 5 seconds',
    ],
    ['tool unset NAME --client KEY', 'take a tool from a client'],
    [
      'tool secret --client KEY',
      'make another secret that signs the calls of a client, and tell it once; the old one counts for 24 hours more',
    ],
  ],
  async run(args) {
    const asked = await readToolCommand(args, (path) => readFile(path, 'utf8'))
    if (!asked.ok) return complainOfUse(asked.problem, tool)
    return withDatabase((database, config) => obey(asked.command, keepers(database, config)))
  },
}

interface Keepers {
  catalogue: ToolCatalogue
  clientTools: ClientTools
}

function keepers(database: Database, { secrets, outbound }: Config): Keepers {
  const models = defineModels(database.sequelize)
  const compile = createSchemaCompiler()
  const keeping = { compile, secrets: createSecrets(secrets), allow: outbound.allow }
  return {
    catalogue: createToolCatalogue(database, models, compile),
    clientTools: createClientTools(database, models, keeping),
  }
}

async function obey(command: ToolCommand, { catalogue, clientTools }: Keepers): Promise<number> {
  switch (command.verb) {
    case 'list':
      return command.client === undefined
        ? say(describeCatalogue(await catalogue.list()))
        : tell(await clientTools.list({ api_key: command.client }), ({ tools }) => describeUsed(tools))
    case 'save':
      return tell(await catalogue.save(command.definition), ({ tool: { tool_name }, isNew }) =>
        isNew ? `Added "${tool_name}".` : `Changed "${tool_name}" for all clients that use it.`,
      )
    case 'remove':
      return tell(await catalogue.remove({ tool_name: command.name }), () => `Removed "${command.name}".`)
    case 'set':
      return tell(await clientTools.set(...place(command), command.changes), ({ secret }) =>
        secret === null ? 'Changed.' : describeSecret(secret),
      )
    case 'unset':
      return tell(await clientTools.remove(...place(command)), () => `Taken away.`)
    case 'secret':
      return tell(await clientTools.issueSecret({ api_key: command.client }), ({ secret }) =>
        describeSecret(secret),
      )
  }
}

function place({
  client,
  name,
}: {
  client: string
  name: string
}): [{ api_key: string }, { tool_name: string }] {
  return [{ api_key: client }, { tool_name: name }]
}

function tell<T>(result: Result<T>, word: (data: T) => string): number {
  return result.ok ? say(word(result.data)) : complain(result.error.message)
}

function describeSecret(secret: string): string {
  return `${secret}\n\nThe calls of this client's workflows are signed with it. It is not shown again.`
}

function describeCatalogue(tools: Awaited<ReturnType<ToolCatalogue['list']>>): string {
  if (tools.length === 0) return 'There are no tools.'
  return tools
    .map(({ tool_name, category, description }) => `${tool_name}  ${category}  ${description}`)
    .join('\n')
}

function describeUsed(listed: readonly ListedClientTool[]): string {
  if (listed.length === 0) return 'This client uses no tools.'
  return listed
    .map(({ tool: { tool_name }, clientTool }) => {
      const { enabled, policy, idempotent, n8n_webhook_url, label } = clientTool
      const traits = [enabled ? 'enabled' : 'disabled', policy, ...(idempotent ? ['idempotent'] : [])]
      return [tool_name, traits.join(', '), n8n_webhook_url ?? '', label ?? ''].join('  ')
    })
    .join('\n')
}
