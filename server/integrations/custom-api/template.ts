/** What a template is filled with. Undefined: the argument was not given. */
export type Values = (name: string) => unknown

/** The one placeholder that is no argument: the visitor's id, as it was proved. */
export const VISITOR = 'visitor.user_id'

/** `{name}`; what other languages would read, such as `${NAME}` and `{{name}}`, is a text like all others. */
const PLACEHOLDER = /(?<![${])\{((?:visitor\.)?[A-Za-z_][\w-]*)\}(?!\})/g

/** The names in a text, in their order. */
export function namesIn(text: string): string[] {
  return [...text.matchAll(PLACEHOLDER)].map(([, name = '']) => name)
}

/** The name of a text that is nothing but a placeholder, else null. */
export function onlyNameIn(text: string): string | null {
  const [name] = namesIn(text)
  return name !== undefined && text === `{${name}}` ? name : null
}

/** Fills a text, once: what is put in is never read as a template. Null: something that it needs was not given. */
export function fillText(text: string, values: Values, write: (value: string) => string): string | null {
  const missing: string[] = []
  const filled = text.replace(PLACEHOLDER, (_, name: string) => {
    const value = values(name)
    if (value === undefined || value === null) missing.push(name)
    return write(scalarText(value))
  })
  return missing.length === 0 ? filled : null
}

/** A list or an object where only one value can stand. */
export class NoScalar extends Error {
  override readonly name = 'NoScalar'
}

/** A number, a text or a boolean as a text. Throws `NoScalar`. */
export function scalarText(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (value === undefined || value === null) return ''
  throw new NoScalar('A list or an object was given where one value is needed.')
}

/**
 * Fills a JSON template. A text that is nothing but a placeholder becomes what was given, of its own type; what needs
 * something that was not given is left out. Undefined: so is the whole. Throws `NoScalar`.
 */
export function fillJson(template: unknown, values: Values): unknown {
  if (typeof template === 'string') {
    const name = onlyNameIn(template)
    return name === null ? (fillText(template, values, (value) => value) ?? undefined) : values(name)
  }
  if (Array.isArray(template))
    return template.map((one) => fillJson(one, values)).filter((one) => one !== undefined)
  if (typeof template !== 'object' || template === null) return template
  const filled = Object.entries(template).map(([name, one]) => [name, fillJson(one, values)] as const)
  return Object.fromEntries(filled.filter(([, one]) => one !== undefined))
}

/** Every text in a JSON template. */
export function textsIn(template: unknown): string[] {
  if (typeof template === 'string') return [template]
  return typeof template === 'object' && template !== null ? Object.values(template).flatMap(textsIn) : []
}
