import Type, { type Static } from 'typebox'
import { Attributes } from './attributes.ts'
import { IdentityToken } from './identity.ts'

const closed = { additionalProperties: false }

/** How a client proves who its visitors are. */
export const IdentityTold = Type.Object({
  has_secret: Type.Boolean(),
  required: Type.Boolean({ description: 'Visitors write only once they have proved who they are.' }),
})
export type IdentityTold = Static<typeof IdentityTold>

export const IdentitySecretIssued = Type.Object({
  /** Told this once. */
  secret: Type.String(),
})
export type IdentitySecretIssued = Static<typeof IdentitySecretIssued>

export const IdentityChanges = Type.Object({ required: Type.Boolean() }, closed)
export type IdentityChanges = Static<typeof IdentityChanges>

export const IdentityTrialBody = Type.Object({ identity_token: IdentityToken }, closed)
export type IdentityTrialBody = Static<typeof IdentityTrialBody>

/** Whom a token proves. */
export const IdentityTried = Type.Object({
  user_id: Type.String(),
  name: Type.Union([Type.String(), Type.Null()]),
  email: Type.Union([Type.String(), Type.Null()]),
  attributes: Attributes,
})
export type IdentityTried = Static<typeof IdentityTried>
