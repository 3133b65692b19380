import { parseArgs } from 'node:util'
import type { ClientToolChanges } from '../../protocol/tools.ts'

/** What is asked of the tools. What was read from files is unchecked. */
export type ToolCommand =
  | { verb: 'list'; client: string | undefined }
  | { verb: 'save'; definition: unknown }
  | { verb: 'remove'; name: string }
  | { verb: 'set'; name: string; client: string; changes: Partial<Record<keyof ClientToolChanges, unknown>> }
  | { verb: 'unset'; name: string; client: string }
  | { verb: 'secret'; client: string }

type Read = { ok: true; command: ToolCommand } | { ok: false; problem: string }

/** Reads the arguments after `tool`; `readText` gives the text of a file. */
export async function readToolCommand(
  args: readonly string[],
  readText: (path: string) => Promise<string>,
): Promise<Read> {
  const unknown = { ok: false as const, problem: `"tool ${args.join(' ')}" is not known.` }
  const asked = parse(args)
  if (asked === null) return unknown
  const { verb, name, values } = asked
  const { client } = values
  try {
    if (verb === 'save' && name !== undefined)
      return { ok: true, command: { verb, definition: parseJson(name, await readText(name)) } }
    if (verb === 'set' && name !== undefined && client !== undefined) {
      const config =
        values.config === undefined ? undefined : parseJson(values.config, await readText(values.config))
      return { ok: true, command: { verb, name, client, changes: changesOf(values, config) } }
    }
  } catch (error) {
    return { ok: false, problem: error instanceof Error ? error.message : String(error) }
  }
  if (verb === 'remove' && name !== undefined) return { ok: true, command: { verb, name } }
  if (verb === 'unset' && name !== undefined && client !== undefined)
    return { ok: true, command: { verb, name, client } }
  if (name !== undefined) return unknown
  if (verb === 'list') return { ok: true, command: { verb, client } }
  if (verb === 'secret' && client !== undefined) return { ok: true, command: { verb, client } }
  return unknown
}

const OPTIONS = {
  client: { type: 'string' },
  url: { type: 'string' },
  policy: { type: 'string' },
  idempotent: { type: 'string' },
  label: { type: 'string' },
  config: { type: 'string' },
  enabled: { type: 'string' },
} as const

type Values = { [name in keyof typeof OPTIONS]?: string }

function parse(args: readonly string[]): { verb?: string; name?: string; values: Values } | null {
  try {
    const { positionals, values } = parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS })
    const [verb, name, ...more] = positionals
    if (more.length > 0) return null
    return { values, ...(verb !== undefined && { verb }), ...(name !== undefined && { name }) }
  } catch {
    return null
  }
}

function changesOf({ url, policy, idempotent, label, enabled }: Values, config: unknown) {
  return {
    ...(url !== undefined && { n8n_webhook_url: url }),
    ...(policy !== undefined && { policy }),
    ...(idempotent !== undefined && { idempotent: yesOrNo(idempotent) }),
    ...(label !== undefined && { label: label === '' ? null : label }),
    ...(config !== undefined && { custom_config: config }),
    ...(enabled !== undefined && { enabled: yesOrNo(enabled) }),
  }
}

/** Neither is refused later, by its name. */
function yesOrNo(text: string): unknown {
  return text === 'yes' ? true : text === 'no' ? false : text
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error(`${path} is no JSON.`)
  }
}
