import { parseArgs } from 'node:util'
import { defineModels } from '../../models/index.ts'
import { createClientsWidgets, type ClientsWidgets, type WidgetChanges } from '../clients/client-widget.ts'
import { createSchemaCompiler } from '../infra/validate.ts'
import { complain, complainOfUse, say, type Command } from './command.ts'
import { withDatabase } from './with-database.ts'

/** How the widgets of clients look, and what they offer. */
export const widget: Command = {
  help: [
    ['widget show --client KEY', 'show what a client has set of its widget'],
    [
      'widget set --client KEY [--color #rrggbb] [--agent-name N] [--greeting TEXT] [--suggestion TEXT ...]\n' +
        '    [--position right|left] [--theme auto|light|dark] [--logo URL] [--avatar URL] [--privacy URL]\n' +
        '    [--sources|--stop|--rating|--contact|--transcript on|off] [--reset NAME]',
      'change how it looks and what it offers; pages show it within a minute',
    ],
  ],
  async run(args) {
    const asked = readWidgetOptions(args)
    if (typeof asked === 'string') return complainOfUse(asked, widget)
    const { verb, client, changes } = asked
    if (verb === 'show' && client !== undefined)
      return withWidgets((widgets) => widgets.read({ api_key: client }))
    if (verb !== 'set' || client === undefined)
      return complainOfUse(`"${['widget', ...args].join(' ')}" is not known.`, widget)
    if (Object.keys(changes).length === 0) return complainOfUse('There is nothing to set.', widget)
    return withWidgets((widgets) => widgets.change({ api_key: client }, changes))
  },
}

function withWidgets(work: (widgets: ClientsWidgets) => ReturnType<ClientsWidgets['read']>): Promise<number> {
  return withDatabase(async (database) => {
    const models = defineModels(database.sequelize)
    const done = await work(createClientsWidgets(database, models, createSchemaCompiler()))
    if (!done.ok) return complain(done.error.message)
    const lines = Object.entries(done.data.settings).map(([name, value]) => {
      return `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`
    })
    return say(lines.length === 0 ? 'Everything is as the installation has it.' : lines.join('\n'))
  })
}

interface Asked {
  verb: string | undefined
  client: string | undefined
  changes: WidgetChanges
}

const SETTINGS: Readonly<Record<string, keyof WidgetChanges>> = {
  color: 'color',
  'agent-name': 'agent_name',
  greeting: 'greeting',
  position: 'position',
  theme: 'theme',
  logo: 'logo_url',
  avatar: 'agent_avatar',
  privacy: 'privacy_url',
}

const FEATURES = ['sources', 'stop', 'rating', 'contact', 'transcript']

/** Reads the words after `widget`; or tells, as a sentence, why they cannot be understood. */
export function readWidgetOptions(args: readonly string[]): Asked | string {
  const text = { type: 'string' } as const
  const names = [...Object.keys(SETTINGS), ...FEATURES, 'client']
  const options = {
    ...Object.fromEntries(names.map((name) => [name, text])),
    ...{ suggestion: { ...text, multiple: true }, reset: { ...text, multiple: true } },
  }
  let parsed
  try {
    parsed = parseArgs({ args: [...args], allowPositionals: true, options })
  } catch (error) {
    return error instanceof Error ? `${String(error.message.split('. ')[0])}.` : 'That cannot be read.'
  }
  const { positionals } = parsed
  const values: Record<string, string | string[] | undefined> = parsed.values
  const [verb, more] = positionals
  if (more !== undefined) return `"${more}" is not known.`
  const changes: WidgetChanges = {}
  for (const [name, setting] of Object.entries(SETTINGS)) if (name in values) changes[setting] = values[name]
  if (values['suggestion']) changes.suggestions = values['suggestion']
  const features = FEATURES.filter((name) => name in values).map(
    (name) => [name, asSwitch(values[name])] as const,
  )
  if (features.length > 0) changes.features = Object.fromEntries(features)
  for (const name of [values['reset'] ?? []].flat().flatMap((list) => list.split(','))) {
    const setting = RESETTABLE[name]
    if (setting === undefined) return `"${name}" is nothing that can be reset.`
    changes[setting] = null
  }
  const { client } = values
  return { verb, client: typeof client === 'string' ? client : undefined, changes }
}

const RESETTABLE: Readonly<Record<string, keyof WidgetChanges>> = {
  ...SETTINGS,
  suggestion: 'suggestions',
  features: 'features',
}

/** What cannot be read stays as it is: its schema refuses it. */
function asSwitch(text: unknown): unknown {
  return text === 'on' ? true : text === 'off' ? false : text
}
