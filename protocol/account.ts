import Type, { type Static } from 'typebox'
import { SIGN_IN_LIMITS } from './limits.ts'
import { Timestamp, Uuid } from './records.ts'

const closed = { additionalProperties: false }

const password = Type.String({ minLength: 1, maxLength: SIGN_IN_LIMITS.password.most, format: 'text' })

/** What somebody changes of themselves. What is left out stays; null takes the picture away. */
export const ProfileChanges = Type.Object(
  {
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 120, format: 'text' })),
    avatar_url: Type.Optional(
      Type.Union([Type.String({ maxLength: 1_000, format: 'https-address' }), Type.Null()]),
    ),
  },
  { ...closed, minProperties: 1 },
)
export type ProfileChanges = Static<typeof ProfileChanges>

/** A browser in which somebody is signed in. */
export const SignIn = Type.Object({
  id: Uuid,
  user_agent: Type.Union([Type.String(), Type.Null()], { description: 'What the browser said of itself.' }),
  since: Timestamp,
  last_used_at: Timestamp,
  current: Type.Boolean({ description: 'The one that asks.' }),
})
export type SignIn = Static<typeof SignIn>

export const SignInsTold = Type.Object({ sign_ins: Type.Array(SignIn) })
export type SignInsTold = Static<typeof SignInsTold>

/** It takes the present one once more: whoever finds an open browser has not got it. */
export const NewPasswordBody = Type.Object({ current_password: password, password }, closed)
export type NewPasswordBody = Static<typeof NewPasswordBody>
