import { parseArgs, type ParseArgsConfig } from 'node:util'
import type { AiChanges } from '../clients/client-ai.ts'
import { readHours } from './read-hours.ts'

/** What `client` was asked to do; `changes` and `promptFile` are those of `set`. */
export interface Asked {
  verb: string | undefined
  client: string | undefined
  changes: AiChanges
  promptFile: string | undefined
}

/** Reads the words after `client`; or tells, as a sentence, why they cannot be understood. */
export function readOptions(args: readonly string[]): Asked | string {
  const parsed = parse(args)
  if (typeof parsed === 'string') return parsed
  const { positionals, values } = parsed
  const changes: AiChanges = {}
  for (const [name, option] of Object.entries(OPTIONS)) {
    const given = values[name]
    if (typeof given === 'string') put(changes, option, option.read(given))
  }
  for (const name of listOf(values['reset'])) {
    const option = RESETTABLE[name]
    if (!option) return `"${name}" is nothing that can be reset.`
    put(changes, option, null)
  }
  const fallbacks = listOf(values['fallback'])
  if (fallbacks.length > 0) changes.fallbacks = fallbacks.map(asChoice)
  if (typeof values['hours'] === 'string') {
    const hours = readHours(values['hours'])
    if (typeof hours === 'string') return hours
    changes.hours = hours
  }
  const { client, 'prompt-file': promptFile } = values as { client?: string; 'prompt-file'?: string }
  return { verb: positionals[0], client, changes, promptFile }
}

/** Into which setting an option goes, or which part of `parameters`, and as what. */
interface Option {
  setting: keyof AiChanges
  part?: string
  read(text: string): unknown
}

const asText = (text: string) => text
// What cannot be read stays a text: its schema refuses it, and says what is expected.
const asNumber = (text: string) => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text)
const asSwitch = (text: string) => (text === 'on' ? true : text === 'off' ? false : text)

const OPTIONS: Readonly<Record<string, Option>> = {
  provider: { setting: 'provider', read: asText },
  model: { setting: 'model', read: asText },
  tone: { setting: 'tone', read: asText },
  language: { setting: 'language', read: asText },
  'time-zone': { setting: 'time_zone', read: asText },
  knowledge: { setting: 'knowledge', read: asSwitch },
  cache: { setting: 'cache', read: asSwitch },
  handoff: { setting: 'handoff', part: 'offered', read: asSwitch },
  'handoff-wait': { setting: 'handoff', part: 'wait_minutes', read: asNumber },
  'handoff-after-answers': { setting: 'handoff', part: 'failed_answers', read: asNumber },
  'handoff-after-calls': { setting: 'handoff', part: 'failed_calls', read: asNumber },
  effort: { setting: 'parameters', part: 'effort', read: asText },
  temperature: { setting: 'parameters', part: 'temperature', read: asNumber },
  'max-output-tokens': { setting: 'parameters', part: 'max_output_tokens', read: asNumber },
  'context-tokens': { setting: 'parameters', part: 'context_tokens', read: asNumber },
}

const RESETTABLE: Readonly<Record<string, Option>> = {
  ...OPTIONS,
  fallback: { setting: 'fallbacks', read: asText },
  hours: { setting: 'hours', read: asText },
  prompt: { setting: 'prompt', read: asText },
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const
  const options: ParseArgsConfig['options'] = {
    ...Object.fromEntries(Object.keys(OPTIONS).map((name) => [name, text])),
    ...{ client: text, 'prompt-file': text, hours: text },
    ...{ fallback: { ...text, multiple: true }, reset: { ...text, multiple: true } },
  }
  try {
    const parsed = parseArgs({ args: [...args], allowPositionals: true, options })
    return parsed.positionals.length > 1 ? `"${String(parsed.positionals[1])}" is not known.` : parsed
  } catch (error) {
    // Only the first sentence: the second explains how to write positionals that begin with a dash.
    return error instanceof Error ? `${String(error.message.split('. ')[0])}.` : 'That cannot be read.'
  }
}

function put(changes: AiChanges, { setting, part }: Option, value: unknown): void {
  changes[setting] =
    part === undefined ? value : { ...(changes[setting] as object | undefined), [part]: value }
}

/** `--reset tone,model` and `--reset tone --reset model` are the same. */
function listOf(given: unknown): string[] {
  return Array.isArray(given) ? given.flatMap((one) => String(one).split(',')) : []
}

/** `claude:claude-sonnet-5-5`, or a provider alone; a model's own name may hold colons. */
function asChoice(text: string): { provider: string; model?: string } {
  const colon = text.indexOf(':')
  return colon === -1 ? { provider: text } : { provider: text.slice(0, colon), model: text.slice(colon + 1) }
}
