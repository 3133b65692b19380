import { visibleText } from '../../infra/visible-text.ts'
import { withoutTemplateTokens } from '../../infra/template-tokens.ts'
import {
  checkParametersSchema,
  SCHEMA_LIMITS,
  type CheckedSchema,
  type SchemaFault,
} from '../catalogue/parameters-schema.ts'

/**
 * A server's schema as the catalogue takes one, or the path of what does not fit. Nothing that decides over arguments is
 * changed: what a reference to a part of the same schema means is put in its place, what only tells of the schema
 * (`$schema`, a format that is not checked here) is left out, and words for the model are cleaned.
 */
export function fitSchema(given: Record<string, unknown>): CheckedSchema {
  try {
    const count = { left: MOST_PARTS }
    return checkParametersSchema(fit(given, { root: given, path: '', within: [], count }))
  } catch (error) {
    if (error instanceof Unfit) return { ok: false, ...error.fault }
    throw error
  }
}

/** Objects and lists that a schema may come to, its references in their places. */
const MOST_PARTS = 10 * SCHEMA_LIMITS.schemas

/** Keywords that decide nothing. */
const SILENT: ReadonlySet<string> = new Set([
  ...['$schema', '$id', '$comment', '$defs', 'definitions', 'deprecated', 'readOnly', 'writeOnly'],
])
/** Formats that are checked. To the newer drafts all are only notes. */
const CHECKED: ReadonlySet<unknown> = new Set(['date', 'date-time', 'email'])
/** Keywords that are words for whoever reads the schema; and those that may say more of what a reference means. */
const WORDS: ReadonlySet<string> = new Set(['title', 'description'])
const NOTES: ReadonlySet<string> = new Set([...WORDS, 'default', 'examples'])

interface Place {
  root: Record<string, unknown>
  path: string
  /** The references that led here: one that leads to itself has no end. */
  within: readonly string[]
  count: { left: number }
}

function fit(schema: unknown, place: Place): unknown {
  const { path, count } = place
  if (count.left-- === 0) throw new Unfit({ path, problem: 'is more than can be taken, with its references' })
  return isObject(schema) ? fitObject(schema, place) : schema
}

function fitObject(schema: Record<string, unknown>, place: Place): Record<string, unknown> {
  const { $ref: reference, ...own } = schema
  if (reference !== undefined) {
    const beside = Object.keys(own).find((keyword) => !SILENT.has(keyword) && !NOTES.has(keyword))
    if (beside !== undefined)
      throw new Unfit({ path: `${place.path}/${beside}`, problem: 'stands beside a $ref' })
    return { ...resolve(reference, place), ...fitKeywords(own, place) }
  }
  return fitKeywords(own, place)
}

function fitKeywords(own: Record<string, unknown>, place: Place): Record<string, unknown> {
  const kept = Object.entries(own).filter(
    ([keyword, value]) => !SILENT.has(keyword) && (keyword !== 'format' || CHECKED.has(value)),
  )
  return Object.fromEntries(kept.map(([keyword, value]) => [keyword, fitKeyword(keyword, value, place)]))
}

function fitKeyword(keyword: string, value: unknown, place: Place): unknown {
  const at = (name: string): Place => ({ ...place, path: `${place.path}/${name}` })
  if (WORDS.has(keyword) && typeof value === 'string') return cleaned(value)
  if (keyword === 'properties' && isObject(value))
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => {
        mustBeVisible(name, at('properties'))
        return [name, fit(one, at(`properties/${name}`))]
      }),
    )
  if (keyword === 'anyOf' && Array.isArray(value))
    return value.map((one, index) => fit(one, at(`anyOf/${String(index)}`)))
  if (keyword === 'items' || keyword === 'additionalProperties') return fit(value, at(keyword))
  mustBeVisible(JSON.stringify(value), at(keyword))
  return value
}

/** What a reference to a part of this very schema means. */
function resolve(reference: unknown, place: Place): Record<string, unknown> {
  const path = `${place.path}/$ref`
  const [, kind = '', name = ''] =
    /^#\/(\$defs|definitions)\/([\w.-]{1,128})$/.exec(typeof reference === 'string' ? reference : '') ?? []
  const definitions = place.root[kind]
  if (!isObject(definitions) || !Object.hasOwn(definitions, name) || !isObject(definitions[name]))
    throw new Unfit({ path, problem: 'leads to nothing in the schema' })
  if (place.within.includes(name)) throw new Unfit({ path, problem: 'leads back to itself' })
  return fitObject(definitions[name], { ...place, within: [...place.within, name] })
}

/** Values are part of what a model reads, and cannot be cleaned: they would not fit any more. */
function mustBeVisible(text: string, { path }: Place): void {
  if (cleaned(text) !== text)
    throw new Unfit({ path, problem: 'holds characters that nobody sees, or that steer models' })
}

function cleaned(text: string): string {
  return withoutTemplateTokens(visibleText(text))
}

class Unfit extends Error {
  override readonly name = 'Unfit'
  readonly fault: SchemaFault

  constructor(fault: SchemaFault) {
    super(fault.problem)
    this.fault = fault
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
