import type { ToolDefinition } from '../provider.ts'
import { spokenWords } from './meanings.ts'

/** How a parameter's value is found in what somebody says. `other`: it is not. */
export type ParameterKind =
  'choice' | 'number' | 'date' | 'time' | 'email' | 'contact' | 'size' | 'id' | 'person' | 'text' | 'other'

export interface Parameter {
  name: string
  kind: ParameterKind
  required: boolean
  /** JSON Schema of the value. */
  schema: Record<string, unknown>
}

/** The parameters of a tool, in their order. */
export function parametersOf({ parameters }: Pick<ToolDefinition, 'parameters'>): Parameter[] {
  const { properties, required } = parameters
  const needed = new Set(Array.isArray(required) ? required : [])
  return Object.entries(isRecord(properties) ? properties : {}).flatMap(([name, schema]) =>
    isRecord(schema) ? [{ name, kind: kindOf(name, schema), required: needed.has(name), schema }] : [],
  )
}

/** Whether a value fits its schema, as far as a schema of one value goes. */
export function fits(value: unknown, schema: Record<string, unknown>): boolean {
  const { enum: choices, pattern, minLength, maxLength, minimum, maximum } = schema
  if (Array.isArray(choices) && !choices.includes(value)) return false
  if (typeof value === 'number')
    return within(value, minimum, maximum) && (schema['type'] !== 'integer' || Number.isInteger(value))
  if (typeof value !== 'string') return false
  return within(value.length, minLength, maxLength) && matches(value, pattern)
}

/** Whether it is a name that people give to things, so that what is said may hold one anywhere. */
export function isSpoken({ kind }: Parameter): boolean {
  return kind === 'text' || kind === 'person'
}

const WORDS: readonly [ParameterKind, ReadonlySet<string>][] = [
  ['email', new Set(['email', 'mail'])],
  ['contact', new Set(['contact', 'phone', 'telephone', 'mobile'])],
  ['date', new Set(['date', 'day'])],
  ['time', new Set(['time', 'hour'])],
  ['size', new Set(['size'])],
  [
    'id',
    new Set([
      'order',
      'number',
      'id',
      'code',
      'sku',
      'reference',
      'tracking',
      'invoice',
      'ticket',
      'barcode',
    ]),
  ],
]
const PERSONS = new Set(['name', 'customer', 'visitor', 'person', 'guest', 'full name', 'customer name'])

function kindOf(name: string, schema: Record<string, unknown>): ParameterKind {
  const { type, format, enum: choices } = schema
  if (Array.isArray(choices)) return 'choice'
  if (type === 'integer' || type === 'number') return 'number'
  if (type !== 'string') return 'other'
  if (format === 'date' || format === 'email') return format
  if (format !== undefined) return 'other'
  const words = spokenWords(name)
  if (PERSONS.has(words.join(' '))) return 'person'
  return WORDS.find(([, named]) => words.some((word) => named.has(word)))?.[0] ?? 'text'
}

function within(size: number, least: unknown, most: unknown): boolean {
  return (typeof least !== 'number' || size >= least) && (typeof most !== 'number' || size <= most)
}

/** Patterns were checked when the tool was saved; one that came from elsewhere and cannot be read fits nothing. */
function matches(value: string, pattern: unknown): boolean {
  if (typeof pattern !== 'string') return true
  try {
    return new RegExp(pattern, 'u').test(value)
  } catch {
    return false
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
