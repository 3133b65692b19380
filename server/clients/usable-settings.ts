import type { Static, TObject } from 'typebox'
import type { CompileSchema, Validate } from '../infra/validate.ts'

/** Those of the kept values that fit their property of `schema`, all of whose properties may be left out. */
export type UsableReader<S extends TObject> = (kept: unknown) => Static<S>

/** Each is judged by itself, so that a broken one takes no other with it. */
export function createUsableReader<S extends TObject>(compile: CompileSchema, schema: S): UsableReader<S> {
  const checks = Object.entries(schema.properties).map(([name, property]): [string, Validate<unknown>] => [
    name,
    compile(property),
  ])
  return (kept) => {
    const isRecord = typeof kept === 'object' && kept !== null
    const values = new Map<string, unknown>(Object.entries(isRecord ? kept : {}))
    const usable = checks.filter(([name, check]) => values.has(name) && check(values.get(name)).ok)
    return Object.fromEntries(usable.map(([name]) => [name, values.get(name)])) as Static<S>
  }
}
