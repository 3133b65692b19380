import { VISITOR } from './compile.ts'

/** What is bound to one placeholder, as JSON has it. */
export type BoundValue = string | number | boolean | null | object

/**
 * What is bound to a query's placeholders: arguments by their names, NULL where one was not given, and the proven
 * visitor, whom no argument can name. A text says, for the model, why nothing can be bound.
 */
export function bind(
  names: readonly string[],
  { given, user }: { given: Record<string, unknown>; user: string | null },
): BoundValue[] | string {
  const values = names.map((name) => {
    if (name === VISITOR) return user
    return Object.hasOwn(given, name) ? (given[name] as BoundValue | undefined) : null
  })
  if (values.some((value) => NUL.test(JSON.stringify(value ?? null))))
    return 'Not asked: an argument holds a NUL character.'
  return values.map((value) => value ?? null)
}

/** In JSON, where a backslash that stands for itself is two. */
const NUL = /(?<!\\)(?:\\\\)*\\u0000/

/** What is wrong with the placeholders of a query, held against the schema of its arguments; null: nothing. */
export function placeholderFault(
  names: readonly string[],
  { parameters, personal }: { parameters: Record<string, unknown>; personal: boolean },
): string | null {
  const { properties } = parameters
  const declared = typeof properties === 'object' && properties !== null ? Object.keys(properties) : []
  const unknown = names.find((name) => name !== VISITOR && !declared.includes(name))
  if (unknown !== undefined) return `asks for :${unknown}, which is none of the parameters`
  const unused = declared.find((name) => !names.includes(name))
  if (unused !== undefined) return `does not use the parameter "${unused}": write :${unused}`
  if (!names.includes(VISITOR) && personal)
    return `is of a personal function, and does not ask for :${VISITOR}: every visitor would get the same`
  return null
}
