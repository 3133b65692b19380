import Type from 'typebox'
import { Uuid } from './records.ts'

/** Which page of a list is asked for: what follows the item of this id, so many at most. */
export const paging = {
  after: Type.Optional(Uuid),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
}
