import fc from 'fast-check'
import type { TSchema } from 'typebox'

/** JSON Schema as far as the protocol uses it. */
interface Schema {
  type?: string
  const?: unknown
  enum?: unknown[]
  anyOf?: Schema[]
  items?: Schema
  maxItems?: number
  properties?: Record<string, Schema>
  /** Of a record: the names it may have, and what they stand for. */
  patternProperties?: Record<string, Schema>
  maxProperties?: number
  required?: string[]
  pattern?: string
  format?: string
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
}

type Fields = Record<string, unknown>

/** What fits a schema of the protocol. Throws on a keyword it does not know, so that no schema slips through. */
export function fitting(schema: TSchema): fc.Arbitrary<unknown> {
  return fits(schema)
}

/** What a schema of an object must refuse, each for a reason of its own. */
export function unfit(schema: TSchema): fc.Arbitrary<unknown> {
  const object: Schema = schema
  const fields = Object.entries(object.properties ?? {})
  const base = fits(object) as fc.Arbitrary<Fields>
  return fc.oneof(
    noObject,
    fc.tuple(base, strangeKey, fc.jsonValue()).map(([fitted, key, value]) => withOwn(fitted, key, value)),
    ...(object.required ?? []).map((name) => base.map((fitted) => without(fitted, name))),
    ...fields
      .filter(([, field]) => !takesAll(field))
      .map(([name, field]) =>
        fc.tuple(base, misfits(field)).map(([fitted, value]) => withOwn(fitted, name, value)),
      ),
  )
}

/** Anything that JSON can say, in the shape of the schema or in none. */
export function anything(schema: TSchema): fc.Arbitrary<unknown> {
  const names = Object.keys((schema as Schema).properties ?? {})
  const key = names.length === 0 ? fc.string() : fc.oneof(fc.constantFrom(...names), fc.string())
  return fc.oneof(
    fc.jsonValue({ maxDepth: 6 }),
    fc.dictionary(key, fc.oneof(oddText, fc.jsonValue()), { maxKeys: 4 }),
  )
}

/** Texts that break what takes them for harmless. */
export const oddText = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '\0',
    'a\0b',
    '\ud800',
    '\udfff\ud800',
    '\u202e\u2066',
    '__proto__',
    'constructor',
    'toString',
    '%00',
    '${1+1}',
    "'; DROP TABLE messages; --",
    '{"_placeholder":true,"num":0}',
    'x'.repeat(5_000),
  ),
  fc.string({ unit: 'binary' }),
)

const strangeKey = fc.constantFrom(
  '__proto__',
  'constructor',
  'toString',
  'role',
  'client_id',
  'plan',
  '',
  'then',
)

/** Lists and objects within each other, as deep as JSON.stringify goes. */
const DEEP: readonly unknown[] = [
  JSON.parse('['.repeat(2_000) + ']'.repeat(2_000)),
  JSON.parse('{"a":'.repeat(2_000) + '1' + '}'.repeat(2_000)),
]

const noObject = fc.oneof(
  fc.constantFrom<unknown>(null, true, 0, -1, 1e308, 'text', [], [{}], ...DEEP),
  fc.array(fc.jsonValue(), { maxLength: 3 }),
)

/** Any value at all fits. */
function takesAll(schema: Schema): boolean {
  return Object.keys(schema).every((keyword) => keyword === 'description')
}

function fits(schema: Schema): fc.Arbitrary<unknown> {
  if (takesAll(schema)) return fc.jsonValue()
  if ('const' in schema) return fc.constant(schema.const)
  if (schema.enum) return fc.constantFrom(...schema.enum)
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map(fits))
  switch (schema.type) {
    case 'null':
      return fc.constant(null)
    case 'number':
      return fc.double({ noNaN: true, noDefaultInfinity: true })
    case 'boolean':
      return fc.boolean()
    case 'integer':
      return fc.integer({ min: schema.minimum ?? -1e6, max: schema.maximum ?? 1e6 })
    case 'string':
      return text(schema)
    case 'array':
      return fc.array(fits(schema.items ?? {}), { maxLength: Math.min(schema.maxItems ?? 3, 3) })
    case 'object': {
      if (schema.patternProperties) return record(schema)
      const fields = Object.entries(schema.properties ?? {}).map(([name, field]) => [name, fits(field)])
      const made = Object.fromEntries(fields) as Record<string, fc.Arbitrary<unknown>>
      return fc.record(made, { requiredKeys: schema.required ?? [] }).map((fitted) => ({ ...fitted }))
    }
  }
  throw new Error(`nothing is known to fit ${JSON.stringify(schema)}`)
}

function record({ patternProperties = {}, maxProperties = 5 }: Schema): fc.Arbitrary<unknown> {
  const [[pattern, value] = ['', {}]] = Object.entries(patternProperties)
  const allowed = new RegExp(pattern, 'u')
  const odd = ['__proto__', 'constructor', 'toString', 'then'].filter((name) => allowed.test(name))
  const plain = fc.stringMatching(new RegExp(pattern), { size: 'small' })
  const named = odd.length === 0 ? plain : fc.oneof(fc.constantFrom(...odd), plain)
  const entries = fc.array(fc.tuple(named, fits(value)), { maxLength: Math.min(maxProperties, 5) })
  return entries.map((made) => made.reduce((all: Fields, [key, one]) => withOwn(all, key, one), {}))
}

/** Years of four digits. */
const CENTURY = { min: new Date('1970-01-01'), max: new Date('2070-01-01') }

function text({ pattern, format, minLength = 0, maxLength = 200 }: Schema): fc.Arbitrary<string> {
  if (pattern !== undefined)
    return fc.stringMatching(new RegExp(pattern)).filter(({ length }) => length <= maxLength)
  const plain = fc.string({ unit: 'grapheme', minLength, maxLength: Math.min(maxLength, 40) })
  // Where nothing is said against them, odd texts fit.
  if (format === undefined)
    return fc.oneof(
      plain,
      oddText.filter(({ length }) => length >= minLength && length <= maxLength),
    )
  if (format === 'email') return fc.emailAddress({ size: 'small' })
  if (format === 'date-time')
    return fc.date({ noInvalidDate: true, ...CENTURY }).map((date) => date.toISOString())
  if (format === 'https-address')
    return fc.webUrl({ validSchemes: ['https'], size: 'small' }).filter(({ length }) => length <= maxLength)
  if (format === 'time-zone') return fc.constantFrom('UTC', 'Asia/Jerusalem', 'America/New_York')
  if (format === 'language-or-auto') return fc.constantFrom('auto', 'en', 'he', 'pt-BR')
  if (format !== 'text') throw new Error(`nothing is known to fit the format ${format}`)
  return plain.filter((made) => made.isWellFormed() && !made.includes('\0') && made.trim() !== '')
}

/** Values that a field must refuse. */
function misfits(schema: Schema): fc.Arbitrary<unknown> {
  const others = OTHER_TYPES.filter(([type]) => type !== schema.type)
    .map(([, value]) => value)
    .filter((value) => value !== schema.const)
  const lists = schema.type === 'array' ? [] : [[]]
  const wrongType = fc.constantFrom<unknown>(null, ...lists, ...DEEP, ...others)
  const beyond = outside(schema)
  return beyond.length === 0 ? wrongType : fc.oneof(wrongType, fc.constantFrom(...beyond))
}

const OTHER_TYPES: readonly [type: string, value: unknown][] = [
  ['boolean', true],
  ['integer', 1],
  ['string', 'true'],
  ['string', '1'],
  ['object', {}],
]

/** Values of the right type that lie outside of what the schema allows. */
function outside(schema: Schema): unknown[] {
  const { type, minimum, maximum, minLength, maxLength, pattern, format } = schema
  if (type === 'array') return [[{}], [[]], Array.from({ length: (schema.maxItems ?? 0) + 1 }, () => 'x')]
  if (type === 'object') return beyondRecord(schema) ?? [{}, { unknown: 1 }]
  if ('const' in schema) return [`${String(schema.const)}x`]
  if (type === 'integer') {
    return [
      0.5,
      ...(minimum === undefined ? [] : [minimum - 1, -(2 ** 31) - 1, -1e308]),
      ...(maximum === undefined ? [] : [maximum + 1, Number.MAX_SAFE_INTEGER + 1, 1e308]),
    ]
  }
  if (type !== 'string') return []
  return [
    ...(minLength === undefined || minLength === 0 ? [] : ['']),
    ...(maxLength === undefined ? [] : ['x'.repeat(maxLength + 1), '🦊'.repeat(maxLength + 1)]),
    ...(pattern === undefined ? [] : ['a b', '\0', '\ud800', 'a\n', `${'a'.repeat(20_000)}!`]),
    ...(format === undefined ? [] : [' ', '\n\t', 'a\0', '\ud800', 'a\udc00b']),
  ].filter((value) => Buffer.byteLength(value) <= LONGEST)
}

/** Null: it is no record. */
function beyondRecord({ patternProperties, maxProperties = 0 }: Schema): unknown[] | null {
  if (!patternProperties) return null
  const many = Array.from({ length: maxProperties + 1 }, (_, index) => [`a${index}`, 1] as const)
  const names = ['', ' a', 'a\n', 'a\0', '\ud800', 'x'.repeat(1_000)]
  const values = [{}, [], [1], 'x'.repeat(1_000), ' ', '\0']
  return [
    Object.fromEntries(many),
    ...names.map((name) => ({ [name]: 1 })),
    ...values.map((value) => ({ a: value })),
  ]
}

/** Bytes of a text that still leave room for the rest of a payload of 32 KB. */
const LONGEST = 20_000

/** Also a key that JavaScript treats in its own way becomes a plain property, as in what JSON.parse makes. */
function withOwn(fields: Fields, key: string, value: unknown): Fields {
  const copy = { ...fields }
  Object.defineProperty(copy, key, { value, enumerable: true, configurable: true, writable: true })
  return copy
}

function without(fields: Fields, name: string): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([key]) => key !== name))
}
