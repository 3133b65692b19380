import Type, { type Static } from 'typebox'
import { SIGN_IN_LIMITS } from './limits.ts'
import { Uuid } from './records.ts'
import { ADMIN_ROLES } from './roles.ts'

const closed = { additionalProperties: false }

export const SignInBody = Type.Object(
  {
    email: Type.String({ minLength: 1, maxLength: SIGN_IN_LIMITS.email, format: 'text' }),
    password: Type.String({ minLength: 1, maxLength: SIGN_IN_LIMITS.password.most, format: 'text' }),
  },
  closed,
)
export type SignInBody = Static<typeof SignInBody>

/** A person of the business. */
export const AdminProfile = Type.Object({
  id: Uuid,
  email: Type.String(),
  name: Type.String(),
  avatar_url: Type.Optional(Type.String()),
  role: Type.Enum([...ADMIN_ROLES]),
  /** The client this person works for; null: the installation's own people. */
  client_id: Type.Union([Uuid, Type.Null()]),
})
export type AdminProfile = Static<typeof AdminProfile>

export const SignedIn = Type.Object({
  /** For `Authorization`, as Bearer, and for the sockets of `/admin`. */
  access_token: Type.String(),
  /** Seconds until it has to be refreshed. */
  expires_in: Type.Integer(),
  admin: AdminProfile,
})
export type SignedIn = Static<typeof SignedIn>

/** `everywhere` ends all of this person's sign-ins, not only this one. */
export const SignOutQuery = Type.Object({ everywhere: Type.Optional(Type.Enum(['true', 'false'])) }, closed)
export type SignOutQuery = Static<typeof SignOutQuery>

export const SignedOut = Type.Object({})
export type SignedOut = Static<typeof SignedOut>

export const Me = Type.Object({ admin: AdminProfile })
export type Me = Static<typeof Me>
