/** JSON Schema of the object of arguments that a function takes. */
export type ParametersSchema = Record<string, unknown>

/** What one argument may be, in a person's words; `other`: what only JSON can say. */
export const KINDS = [
  'text',
  'choice',
  'number',
  'whole',
  'yesNo',
  'date',
  'email',
  'texts',
  'other',
] as const
export type ArgumentKind = (typeof KINDS)[number]

/** One argument of a function, as it is edited. */
export interface ArgumentRow {
  name: string
  kind: ArgumentKind
  description: string
  required: boolean
  /** Of `choice`. */
  choices: readonly string[]
  /** What else its schema says, such as bounds, and of `other` all that it says. */
  rest: Record<string, unknown>
}

/** The arguments that a schema lists, in its order; empty where it is no schema of an object. */
export function rowsOf(schema: unknown): ArgumentRow[] {
  const { properties, required } = recordOf(schema)
  const needed = Array.isArray(required) ? required : []
  return Object.entries(recordOf(properties)).map(([name, one]) => ({
    name,
    ...rowOf(one),
    required: needed.includes(name),
  }))
}

/** A schema with these arguments; what else it said of the object stays. */
export function withRows(schema: unknown, rows: readonly ArgumentRow[]): ParametersSchema {
  const rest = Object.entries(recordOf(schema)).filter(([keyword]) => !WRITTEN.has(keyword))
  const required = rows.filter((row) => row.required).map(({ name }) => name)
  return {
    type: 'object',
    // Keys such as __proto__ are the server's to refuse, and must reach it.
    properties: Object.fromEntries(rows.map((row) => [row.name, propertyOf(row)])),
    ...(required.length > 0 && { required }),
    ...Object.fromEntries(rest),
  }
}

const WRITTEN: ReadonlySet<string> = new Set(['type', 'properties', 'required'])

/** A row of another kind: bounds of the old one mean nothing to it. */
export function ofKind(row: ArgumentRow, kind: ArgumentKind): ArgumentRow {
  return kind === row.kind ? row : { ...row, kind, rest: {} }
}

export const NEW_ROW: ArgumentRow = {
  ...{ name: '', kind: 'text', description: '', required: true },
  ...{ choices: [], rest: {} },
}

function rowOf(property: unknown): Omit<ArgumentRow, 'name' | 'required'> {
  const { description, ...schema } = recordOf(property)
  const said = typeof description === 'string' ? description : ''
  const { kind, own } = kindOf(schema)
  const rest = Object.fromEntries(Object.entries(schema).filter(([keyword]) => !own.includes(keyword)))
  const choices = kind === 'choice' ? (schema['enum'] as string[]) : []
  return { kind, description: said, choices, rest }
}

/** `own`: the keywords that the kind itself stands for. */
function kindOf({ type, format, items, enum: values }: Record<string, unknown>): {
  kind: ArgumentKind
  own: readonly string[]
} {
  if (type === 'string' && isTexts(values)) return { kind: 'choice', own: ['type', 'enum'] }
  if (values !== undefined) return { kind: 'other', own: [] }
  if (type === 'string' && format === 'date') return { kind: 'date', own: ['type', 'format'] }
  if (type === 'string' && format === 'email') return { kind: 'email', own: ['type', 'format'] }
  if (type === 'array' && JSON.stringify(items) === TEXT) return { kind: 'texts', own: ['type', 'items'] }
  const kind = typeof type === 'string' ? SCALARS[type] : undefined
  return kind === undefined ? { kind: 'other', own: [] } : { kind, own: ['type'] }
}

const TEXT = '{"type":"string"}'
const SCALARS: Partial<Record<string, ArgumentKind>> = {
  ...{ string: 'text', number: 'number' },
  ...{ integer: 'whole', boolean: 'yesNo' },
}

function propertyOf({ kind, description, choices, rest }: ArgumentRow): Record<string, unknown> {
  return { ...SAID_BY[kind], ...(kind === 'choice' && { enum: choices }), ...said(description), ...rest }
}

const SAID_BY: Record<ArgumentKind, Record<string, unknown>> = {
  text: { type: 'string' },
  choice: { type: 'string' },
  number: { type: 'number' },
  whole: { type: 'integer' },
  yesNo: { type: 'boolean' },
  date: { type: 'string', format: 'date' },
  email: { type: 'string', format: 'email' },
  texts: { type: 'array', items: { type: 'string' } },
  other: {},
}

function said(description: string): { description?: string } {
  return description === '' ? {} : { description }
}

function isTexts(values: unknown): values is string[] {
  return Array.isArray(values) && values.every((one) => typeof one === 'string')
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {}
}
