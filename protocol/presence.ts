import Type, { type Static } from 'typebox'
import { Author, Uuid } from './records.ts'

/** A person of the business, as colleagues are told of one. */
export const PersonNamed = Type.Object(
  { id: Uuid, ...Author.properties },
  { description: 'A person of the business.' },
)
export type PersonNamed = Static<typeof PersonNamed>
