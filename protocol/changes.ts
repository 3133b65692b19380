import Type, { type TNull, type TOptional, type TProperties, type TSchema, type TUnion } from 'typebox'

type Changes<Properties extends TProperties> = {
  [Name in keyof Properties]: TOptional<TUnion<[Properties[Name], TNull]>>
}

/** Of settings that may all be left out, what changes them: who is not named stays, null takes away. */
export function changesOf<Properties extends TProperties>(properties: Properties): Changes<Properties> {
  const entries = Object.entries<TSchema>(properties)
  const changes = entries.map(([name, schema]) => [name, Type.Optional(Type.Union([schema, Type.Null()]))])
  return Object.fromEntries(changes) as Changes<Properties>
}
