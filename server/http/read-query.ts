import type { TObject } from 'typebox'
import type { HttpContext } from './http-env.ts'

/**
 * The query, for its schema to check. What the schema has as a whole number becomes one if it looks like it; a name
 * that comes twice becomes a list, which no schema takes.
 */
export function readQuery(c: HttpContext, schema: TObject): unknown {
  const query = new URL(c.req.url).searchParams
  const names = [...new Set(query.keys())]
  return Object.fromEntries(names.map((name) => [name, read(schema, name, query.getAll(name))]))
}

function read(schema: TObject, name: string, [value = '', ...more]: readonly string[]): unknown {
  if (more.length > 0) return [value, ...more]
  return isInteger(schema, name) && /^\d{1,10}$/.test(value) ? Number(value) : value
}

function isInteger(schema: TObject, name: string): boolean {
  const property = Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined
  return property !== undefined && 'type' in property && property.type === 'integer'
}
