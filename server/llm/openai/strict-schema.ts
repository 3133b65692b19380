import { objectOf } from '../json-object.ts'

/** What a schema may say for the vendor to hold its model to it, as far as we rely on it. */
const KEYWORDS = new Set([
  'type',
  'title',
  'description',
  'properties',
  'required',
  'additionalProperties',
  'items',
  'enum',
  'const',
  'anyOf',
])

/** Objects within objects that the vendor takes. */
const DEEPEST = 5

/**
 * Whether the vendor takes this schema of a function's arguments as strict: every object closed, every property
 * required, nothing else said than what it knows. Its model then never writes arguments that do not fit.
 * https://developers.openai.com/api/docs/guides/structured-outputs#supported-schemas
 */
export function isStrict(parameters: Record<string, unknown>): boolean {
  return parameters['type'] === 'object' && parameters['anyOf'] === undefined && fits(parameters, DEEPEST)
}

function fits(value: unknown, depth: number): boolean {
  const schema = objectOf(value)
  if (!schema || depth === 0 || Object.keys(schema).some((keyword) => !KEYWORDS.has(keyword))) return false
  const { type, items, anyOf } = schema
  const types = [type].flat()
  if (type === undefined && anyOf === undefined) return false
  if ((types.includes('object') || schema['properties'] !== undefined) && !isClosed(schema, depth))
    return false
  if ((types.includes('array') || items !== undefined) && !fits(items, depth)) return false
  return anyOf === undefined || (Array.isArray(anyOf) && anyOf.every((one) => fits(one, depth)))
}

function isClosed(
  { properties, required, additionalProperties }: Record<string, unknown>,
  depth: number,
): boolean {
  const known = objectOf(properties ?? {})
  if (!known || additionalProperties !== false) return false
  const needed: unknown[] = Array.isArray(required) ? required : []
  return Object.entries(known).every(([name, schema]) => needed.includes(name) && fits(schema, depth - 1))
}
