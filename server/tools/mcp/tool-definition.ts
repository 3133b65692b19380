import { createHash } from 'node:crypto'
import { canonicalJson } from './canonical-json.ts'

/** A tool as its server describes it: what a person approves, and nothing else of it is used. */
export interface McpDefinition {
  name: string
  description: string
  input_schema: Record<string, unknown>
  /** What the server says of its manners. Hints for the person; nothing is decided by them. */
  annotations: Record<string, unknown>
}

/** `hash`: SHA-256 of the definition, in hex. */
export type ReadDefinition =
  { ok: true; definition: McpDefinition; hash: string } | { ok: false; name: string; problem: string }

/** Characters of a name, of a description, and of the whole as JSON; objects and lists within one another. */
export const DEFINITION_LIMITS = { name: 128, description: 8_000, length: 65_536, depth: 32 } as const

/** Reads what stands in a listing. What could not be kept, or shown to a person in full, is none. */
export function readDefinition(given: unknown): ReadDefinition {
  const { name, description = '', inputSchema, annotations = {} } = isObject(given) ? given : {}
  if (typeof name !== 'string' || name === '' || name.length > DEFINITION_LIMITS.name)
    return { ok: false, name: '', problem: 'has no name, or one that is too long' }
  const broken = (problem: string) => ({ ok: false as const, name, problem })
  if (typeof description !== 'string') return broken('has a description that is no text')
  if (description.length > DEFINITION_LIMITS.description)
    return broken(`has a description of more than ${String(DEFINITION_LIMITS.description)} characters`)
  if (!isObject(inputSchema)) return broken('has no input schema')
  if (!isObject(annotations)) return broken('has annotations that are no object')
  const definition = { name, description, input_schema: inputSchema, annotations }
  if (depthOf(definition, DEFINITION_LIMITS.depth) === 0) return broken('is nested too deeply')
  const text = canonicalJson(definition)
  if (text.length > DEFINITION_LIMITS.length)
    return broken(`is longer than ${String(DEFINITION_LIMITS.length)} characters`)
  if (/\\u(?:0000|d[89a-f])/i.test(text.replaceAll('\\\\', '')))
    return broken('holds characters that no text may hold')
  return { ok: true, definition, hash: hashOf(definition) }
}

/** What is approved is approved by this: it changes with every character of the definition. */
export function hashOf({ name, description, input_schema, annotations }: McpDefinition): string {
  const text = canonicalJson({ name, description, input_schema, annotations })
  return createHash('sha256').update(text).digest('hex')
}

/** What is left of `most` where the deepest thing lies; 0: it lies deeper. */
function depthOf(value: unknown, most: number): number {
  if (typeof value !== 'object' || value === null || most === 0) return most
  return Object.values(value).reduce<number>((least, one) => Math.min(least, depthOf(one, most - 1)), most)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
