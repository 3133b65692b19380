import Type, { type Static } from 'typebox'
import { Attributes } from './attributes.ts'

/** A JWT (RFC 7519) as it is written; who may have signed it is not this schema's to know. */
export const IdentityToken = Type.String({
  maxLength: 8_192,
  description:
    'A JWT that the client’s server has signed for this visitor (HS256, with the client’s identity secret): `sub` ' +
    'is the visitor’s id there; `exp` is needed; `name`, `email` and `attributes` are told to the AI.',
})

/** What an identity token says, as far as it is read. Whatever else is in it is not heeded. */
export const IdentityClaims = Type.Object({
  sub: Type.String({ minLength: 1, maxLength: 200, format: 'text' }),
  exp: Type.Number(),
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 200, format: 'text' })),
  email: Type.Optional(Type.String({ minLength: 3, maxLength: 254, format: 'text' })),
  attributes: Type.Optional(Attributes),
})
export type IdentityClaims = Static<typeof IdentityClaims>
