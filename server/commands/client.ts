import { readFile } from 'node:fs/promises'
import type { Client } from '../../models/client.ts'
import { defineModels } from '../../models/index.ts'
import { snippetFor } from '../../protocol/snippet.ts'
import { createClientsAi, type ClientsAi } from '../clients/client-ai.ts'
import type { ReadAiSettings } from '../clients/read-ai-settings.ts'
import { createSchemaCompiler } from '../infra/validate.ts'
import { PROVIDER_NAMES } from '../llm/registry.ts'
import { clientAccount, isAccountVerb } from './client-account.ts'
import { readOptions, type Asked } from './client-options.ts'
import { complain, complainOfUse, say, type Command } from './command.ts'
import { withDatabase } from './with-database.ts'

/** Clients: who they are, and how their AI works. */
export const client: Command = {
  help: [
    ['client list', 'list the clients'],
    ...clientAccount.help,
    ['client show --client KEY', 'show how the AI of a client works, and what goes into its pages'],
    [
      'client set --client KEY [--provider P] [--model M] [--fallback P:M] [--prompt-file FILE] [--tone T]\n' +
        '    [--language auto|he|...] [--time-zone Z] [--knowledge on|off] [--cache on|off] [--effort low|medium|high]\n' +
        '    [--temperature N] [--max-output-tokens N] [--context-tokens N] [--handoff on|off] [--handoff-wait MINUTES]\n' +
        '    [--handoff-after-answers N] [--handoff-after-calls N] [--hours "mon-fri 09:00-17:00, 2026-12-25 closed"]\n' +
        '    [--reset NAME]',
      'change it, from the next turn on; tones: friendly, formal, playful, concise, or your own words',
    ],
  ],
  async run(args) {
    if (isAccountVerb(args[0])) return clientAccount.run(args)
    const asked = readOptions(args)
    if (typeof asked === 'string') return complainOfUse(asked, client)
    const { verb, client: key } = asked
    if (verb === 'list') return withClients(async (clients) => say(describeAll(await clients.list())))
    if (verb === 'show' && key !== undefined) return withClients((clients, url) => show(clients, key, url))
    if (verb === 'set' && key !== undefined) return set(key, asked)
    return complainOfUse(`"${['client', ...args].join(' ')}" is not known.`, client)
  },
}

/** `url` is where browsers reach us. */
function withClients(work: (clients: ClientsAi, url: string) => Promise<number>): Promise<number> {
  return withDatabase((database, { http }) => {
    const parts = { compile: createSchemaCompiler(), providers: PROVIDER_NAMES }
    const clients = createClientsAi(database, defineModels(database.sequelize), parts)
    return work(clients, http.publicUrl ?? 'https://YOUR-PARLOR')
  })
}

async function show(clients: ClientsAi, key: string, url: string): Promise<number> {
  const read = await clients.read({ api_key: key })
  if (!read.ok) return complain(read.error.message)
  return say(
    `${describe(read.data)}\n\nInto its pages goes:\n\n  ${snippetFor({ origin: url, clientKey: key })}`,
  )
}

async function set(key: string, { changes, promptFile }: Asked): Promise<number> {
  if (promptFile !== undefined) {
    const text = await readFile(promptFile, 'utf8').catch(() => null)
    if (text === null) return complain(`There is no file "${promptFile}" that can be read.`)
    changes.prompt = text.trim()
  }
  if (Object.keys(changes).length === 0) return complainOfUse('There is nothing to set.', client)
  return withClients(async (clients) => {
    const changed = await clients.change({ api_key: key }, changes)
    return changed.ok ? say(describe(changed.data)) : complain(changed.error.message)
  })
}

function describeAll(clients: readonly Client[]): string {
  if (clients.length === 0) return 'There are no clients.'
  return clients
    .map(({ api_key, name, status, provider, model }) => {
      const answers = [provider ?? 'default provider', model ?? 'default model'].join(', ')
      return [api_key, status, answers, name].join('  ')
    })
    .join('\n')
}

function describe({ settings, ignored }: ReadAiSettings): string {
  const lines = Object.entries(settings).map(([name, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    return text.includes('\n') ? `${name}:\n${text.replace(/^/gm, '    ')}` : `${name}: ${text}`
  })
  if (lines.length === 0) lines.push('Everything is as the installation has it.')
  if (ignored.length > 0) lines.push(`Kept, but not usable: ${ignored.join(', ')}`)
  return lines.join('\n')
}
