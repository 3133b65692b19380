import { parseArgs } from 'node:util'

/** What is asked of the integrations of a client. What was read from files, or from stdin, is unchecked. */
export type IntegrationCommand = { client: string } & (
  | { verb: 'list' }
  | { verb: 'add'; name: string; type: string; config: unknown }
  | { verb: 'set'; name: string; changes: { config?: unknown; enabled?: unknown } }
  | { verb: 'credentials'; name: string; credentials: unknown }
  | { verb: 'test' | 'recent' | 'remove'; name: string }
  | { verb: 'save endpoint'; name: string; endpoint: unknown }
  | { verb: 'remove endpoint'; name: string; endpoint: string }
  | { verb: 'try endpoint'; name: string; endpoint: string; given: unknown; user: string | null }
)

type Read = { ok: true; command: IntegrationCommand } | { ok: false; problem: string }

/** Where texts come from: a file by its path, or what is piped in. */
export interface TextSources {
  file(path: string): Promise<string>
  stdin(): Promise<string>
}

/** Reads the arguments after `integration`. */
export async function readIntegrationCommand(args: readonly string[], sources: TextSources): Promise<Read> {
  const asked = parse(args)
  try {
    const command = asked && (await read(asked, sources))
    if (command) return { ok: true, command }
  } catch (error) {
    return { ok: false, problem: error instanceof Error ? error.message : String(error) }
  }
  return { ok: false, problem: `"integration ${args.join(' ')}" is not known.` }
}

const OPTIONS = {
  client: { type: 'string' },
  type: { type: 'string' },
  config: { type: 'string' },
  enabled: { type: 'string' },
  file: { type: 'string' },
  given: { type: 'string' },
  as: { type: 'string' },
} as const

type Values = { [name in keyof typeof OPTIONS]?: string }

interface Words {
  words: string[]
  values: Values
}

function parse(args: readonly string[]): Words | null {
  try {
    const { positionals, values } = parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS })
    return { words: positionals, values }
  } catch {
    return null
  }
}

/** The options that a verb knows beside `client`; another one is a mistake of whoever gives it. */
const KNOWN: Readonly<Record<string, readonly (keyof Values)[]>> = {
  add: ['type', 'config'],
  set: ['config', 'enabled'],
  credentials: ['file'],
  'endpoint try': ['given', 'as'],
}

async function read({ words, values }: Words, sources: TextSources): Promise<IntegrationCommand | null> {
  const verb = words[0] === 'endpoint' ? words.slice(0, 2).join(' ') : (words[0] ?? '')
  const [name, other, ...more] = words.slice(verb.split(' ').length)
  const { client } = values
  const known = ['client', ...(KNOWN[verb] ?? [])]
  if (client === undefined || more.length > 0 || Object.keys(values).some((one) => !known.includes(one)))
    return null
  if (verb === 'list') return name === undefined ? { verb, client } : null
  if (name === undefined) return null
  const about = { client, name }
  if (verb.startsWith('endpoint '))
    return other === undefined ? null : readEndpoint(verb, about, other, values, sources)
  if (other !== undefined) return null
  switch (verb) {
    case 'test':
    case 'recent':
    case 'remove':
      return { verb, ...about }
    case 'add': {
      const { type, config } = values
      if (type === undefined || config === undefined) return null
      return { verb, ...about, type, config: parseJson(config, await sources.file(config)) }
    }
    case 'set':
      return { verb, ...about, changes: await changesOf(values, sources) }
    case 'credentials': {
      const { file } = values
      const text = file === undefined ? await sources.stdin() : await sources.file(file)
      return { verb, ...about, credentials: parseJson(file ?? 'What was piped in', text) }
    }
    default:
      return null
  }
}

async function readEndpoint(
  verb: string,
  about: { client: string; name: string },
  other: string,
  { given = '{}', as: user = null }: { given?: string; as?: string | null },
  sources: TextSources,
): Promise<IntegrationCommand | null> {
  if (verb === 'endpoint set')
    return { verb: 'save endpoint', ...about, endpoint: parseJson(other, await sources.file(other)) }
  if (verb === 'endpoint remove') return { verb: 'remove endpoint', ...about, endpoint: other }
  if (verb !== 'endpoint try') return null
  return { verb: 'try endpoint', ...about, endpoint: other, given: parseJson('--given', given), user }
}

async function changesOf({ config, enabled }: Values, sources: TextSources) {
  return {
    ...(config !== undefined && { config: parseJson(config, await sources.file(config)) }),
    ...(enabled !== undefined && { enabled: yesOrNo(enabled) }),
  }
}

/** Neither is refused later, by its name. */
function yesOrNo(text: string): unknown {
  return text === 'yes' ? true : text === 'no' ? false : text
}

function parseJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error(`${name} is no JSON.`)
  }
}
