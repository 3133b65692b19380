import Type, { type Static, type TSchema } from 'typebox'

/** Facts of a visitor or a conversation: how many at most, and characters of a name and of a text. */
export const ATTRIBUTE_LIMITS = { count: 20, name: 40, value: 200 } as const

/** A plain value. */
export const AttributeValue = Type.Union([
  Type.String({ minLength: 1, maxLength: ATTRIBUTE_LIMITS.value, format: 'text' }),
  Type.Number(),
  Type.Boolean(),
])

/** Values by names of letters, digits and `_ . : / -`, with blanks within; no others. */
export function attributes<Value extends TSchema>(value: Value, options: { description?: string } = {}) {
  const name = Type.String({
    pattern: `^[\\p{L}\\p{N}_][\\p{L}\\p{M}\\p{N} _.:/-]{0,${ATTRIBUTE_LIMITS.name - 1}}$`,
  })
  const bounds = { maxProperties: ATTRIBUTE_LIMITS.count, additionalProperties: false }
  return Type.Record(name, value, { ...bounds, ...options })
}

/** Facts by their names. */
export const Attributes = attributes(AttributeValue)
export type Attributes = Static<typeof Attributes>
