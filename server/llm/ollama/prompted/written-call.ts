import { objectOf, parseObject } from '../../json-object.ts'
import type { ToolCall } from '../../provider.ts'

/** A call as a model wrote it: it has no id yet. */
export type WrittenCall = Omit<ToolCall, 'id'>

/** The function that broken JSON was about. */
const NAME = /["'](tool|name)["']\s*:\s*["']?([\w.-]{1,64})/

/**
 * The calls in a JSON text: one object, or an array of them. `{"tool": name, "arguments": {...}}` is what models are
 * asked for. What they write by habit, `name` and `parameters`, counts where a function of that name is `known`. Broken
 * JSON that names a function is a call with null arguments. None: the text is no call.
 */
export function readCalls(json: string, known: ReadonlySet<string>): WrittenCall[] {
  const value = parse(json)
  if (value === undefined) return brokenCall(json, known)
  return [value].flat().flatMap((one) => callOf(objectOf(one), known) ?? [])
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

function callOf(object: Record<string, unknown> | null, known: ReadonlySet<string>): WrittenCall | null {
  const { tool, name } = object ?? {}
  const called = typeof tool === 'string' ? tool : typeof name === 'string' && known.has(name) ? name : null
  return called === null
    ? null
    : { name: called, arguments: argumentsOf(object?.['arguments'] ?? object?.['parameters']) }
}

/** An object, also where it comes as a text; left out, it is empty. Null for anything else. */
export function argumentsOf(given: unknown): Record<string, unknown> | null {
  if (given === undefined || given === null || given === '') return {}
  return typeof given === 'string' ? parseObject(given) : objectOf(given)
}

function brokenCall(json: string, known: ReadonlySet<string>): WrittenCall[] {
  const [, key, name = ''] = NAME.exec(json) ?? []
  return key === 'tool' || known.has(name) ? [{ name, arguments: null }] : []
}
