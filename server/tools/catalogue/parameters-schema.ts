import { Ajv } from 'ajv'
import { compileSchema, type CheckArguments } from './check-arguments.ts'
import { LONGEST_MATCHED, patternFault } from './pattern.ts'

/** JSON Schema of the object of arguments that a tool takes. */
export type ParametersSchema = Record<string, unknown>

/** `path` leads to the fault, such as `/properties/order/type`; empty: the schema itself. */
export type CheckedSchema =
  { ok: true; schema: ParametersSchema; check: CheckArguments } | ({ ok: false } & SchemaFault)

export interface SchemaFault {
  path: string
  problem: string
}

/** Characters of a schema as JSON, schemas within one another, and schemas in all. */
export const SCHEMA_LIMITS = { length: 16_384, depth: 8, schemas: 200 } as const

/**
 * Checks a schema before it is kept: JSON Schema as every vendor takes it, strictly read, and closed to names that it
 * does not list unless it says otherwise. What does not fit is told by its path.
 */
export function checkParametersSchema(value: unknown): CheckedSchema {
  if (!isObject(value)) return { ok: false, path: '', problem: 'is no object' }
  if (value['type'] !== 'object') return { ok: false, path: '/type', problem: 'is not "object"' }
  const fault = faultIn(value, {
    path: '',
    depth: SCHEMA_LIMITS.depth,
    count: { left: SCHEMA_LIMITS.schemas },
  })
  if (fault) return { ok: false, ...fault }
  if (JSON.stringify(value).length > SCHEMA_LIMITS.length)
    return { ok: false, path: '', problem: `is longer than ${String(SCHEMA_LIMITS.length)} characters` }
  const schema = { additionalProperties: false, ...value }
  const invalid = againstDraft(schema)
  if (invalid) return { ok: false, ...invalid }
  try {
    return { ok: true, schema, check: compileSchema(schema) }
  } catch (error) {
    return { ok: false, ...strictFault(error) }
  }
}

/** What every vendor's models understand. No references, so no schema contains itself. */
const KEYWORDS: ReadonlySet<string> = new Set([
  ...['type', 'title', 'description', 'default', 'examples', 'enum', 'const', 'anyOf'],
  ...['properties', 'required', 'additionalProperties', 'items', 'minItems', 'maxItems', 'uniqueItems'],
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  ...['minLength', 'maxLength', 'pattern', 'format'],
])

/** Names that programs which read the arguments may take for more than names. */
export const UNSAFE_NAMES: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

interface Place {
  path: string
  depth: number
  count: { left: number }
}

function faultIn(schema: unknown, place: Place): SchemaFault | null {
  const { path, depth, count } = place
  if (typeof schema === 'boolean') return null
  if (!isObject(schema)) return { path, problem: 'is no schema' }
  if (depth === 0) return { path, problem: `lies deeper than ${String(SCHEMA_LIMITS.depth)} schemas` }
  if (count.left-- === 0)
    return { path, problem: `is one more than ${String(SCHEMA_LIMITS.schemas)} schemas` }
  const unknown = Object.keys(schema).find((keyword) => !KEYWORDS.has(keyword))
  if (unknown !== undefined)
    return { path: `${path}/${unknown}`, problem: 'is a keyword that is not known here' }
  const slow = slowness(schema)
  if (slow !== null) return { path: `${path}/pattern`, problem: slow }
  for (const [name, one] of schemasWithin(schema)) {
    const inner = `${path}/${name}`
    if (UNSAFE_NAMES.has(name.replace('properties/', '')))
      return { path: inner, problem: 'is a name that no argument may have' }
    const fault = faultIn(one, { path: inner, depth: depth - 1, count })
    if (fault) return fault
  }
  return null
}

function slowness({ pattern, maxLength }: Record<string, unknown>): string | null {
  if (typeof pattern !== 'string') return null
  const bounded = typeof maxLength === 'number' && maxLength <= LONGEST_MATCHED
  return bounded ? patternFault(pattern) : `needs a maxLength of ${String(LONGEST_MATCHED)} at most beside it`
}

function schemasWithin(schema: Record<string, unknown>): [path: string, schema: unknown][] {
  const { properties, anyOf, items, additionalProperties } = schema
  const named = isObject(properties) ? Object.entries(properties) : []
  const choices: unknown[] = Array.isArray(anyOf) ? anyOf : []
  return [
    ...named.map(([name, one]): [string, unknown] => [`properties/${name}`, one]),
    ...choices.map((one, index): [string, unknown] => [`anyOf/${String(index)}`, one]),
    ...Object.entries({ items, additionalProperties }).filter(([, one]) => one !== undefined),
  ]
}

/** Keywords of the wrong kind. */
function againstDraft(schema: ParametersSchema): SchemaFault | null {
  const ajv = new Ajv()
  if (ajv.validateSchema(schema)) return null
  const [first] = ajv.errors ?? []
  return { path: first?.instancePath ?? '', problem: first?.message ?? 'is no JSON Schema' }
}

/** AJV's strict mode tells of a place only in its message, as `at "#/properties/a"`, and not always. */
function strictFault(error: unknown): SchemaFault {
  const message = error instanceof Error ? error.message : String(error)
  const [, path = ''] = /"#([^"]*)"/.exec(message) ?? []
  return { path, problem: message.replace(/^strict mode: /, '').replace(/ at "#.*$/s, '') }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
