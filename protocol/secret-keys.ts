import Type, { type Static } from 'typebox'
import { Timestamp, Uuid } from './records.ts'

const closed = { additionalProperties: false }

/** A secret key as the people of its client see it: never the key itself. */
export const SecretKeyRow = Type.Object({
  id: Uuid,
  name: Type.String(),
  prefix: Type.String({ description: 'Its first characters, by which people tell keys apart.' }),
  created_at: Timestamp,
  last_used_at: Type.Union([Timestamp, Type.Null()]),
  revoked_at: Type.Union([Timestamp, Type.Null()], {
    description: 'From when on it is refused; later than now while a key that was rotated still works.',
  }),
})
export type SecretKeyRow = Static<typeof SecretKeyRow>

export const SecretKeysTold = Type.Object({ keys: Type.Array(SecretKeyRow) })
export type SecretKeysTold = Static<typeof SecretKeysTold>

export const SecretKeyIssued = Type.Object({
  /** Told this once. */
  key: Type.String(),
  secret_key: SecretKeyRow,
})
export type SecretKeyIssued = Static<typeof SecretKeyIssued>

export const SecretKeyRevoked = Type.Object({ secret_key: SecretKeyRow })
export type SecretKeyRevoked = Static<typeof SecretKeyRevoked>

export const NewSecretKeyBody = Type.Object(
  { name: Type.String({ minLength: 1, maxLength: 100, format: 'text' }) },
  closed,
)
export type NewSecretKeyBody = Static<typeof NewSecretKeyBody>

export const RotateSecretKeyBody = Type.Object(
  {
    grace_minutes: Type.Optional(
      Type.Integer({
        ...{ minimum: 0, maximum: 10_080 },
        description: 'How long the old key works on; none: it ends at once.',
      }),
    ),
  },
  closed,
)
export type RotateSecretKeyBody = Static<typeof RotateSecretKeyBody>
