import type { Json } from '../../../models/tool-execution.ts'

/** What of an answer models are shown. */
export interface Selection {
  /** JSON Pointer (RFC 6901); empty: all of it. */
  result_path?: string
  /** The properties that are kept of the object there, or of each object of the list there. */
  result_fields?: readonly string[]
}

/** Undefined: there is nothing at this place. */
export function selectResult(answer: Json, { result_path = '', result_fields }: Selection): Json | undefined {
  const place = result_path.split('/').slice(1).map(unescape)
  const found = place.reduce<unknown>(stepInto, answer) as Json | undefined
  if (found === undefined || result_fields === undefined) return found
  const wanted = new Set(result_fields)
  return Array.isArray(found) ? found.map((one: unknown) => keep(one, wanted)) : keep(found, wanted)
}

function stepInto(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  return (value as Record<string, unknown>)[name]
}

function keep(value: unknown, wanted: ReadonlySet<string>): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value as Json
  return Object.fromEntries(Object.entries(value).filter(([name]) => wanted.has(name)))
}

function unescape(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~')
}
