import Type, { type Static } from 'typebox'
import { AdminProfile } from './admin-auth.ts'
import { SIGN_IN_LIMITS } from './limits.ts'
import { paging } from './paging.ts'
import { Timestamp, Uuid } from './records.ts'
import { ADMIN_ROLES } from './roles.ts'

const closed = { additionalProperties: false }

const name = Type.String({ minLength: 1, maxLength: 120, format: 'text' })
const role = Type.Enum([...ADMIN_ROLES])
const password = Type.String({
  ...{ minLength: 1, maxLength: SIGN_IN_LIMITS.password.most, format: 'text' },
  description: 'Without one, a password is made up and told once.',
})

/** A person of the business as those who keep people see it. */
export const Colleague = Type.Object({
  ...AdminProfile.properties,
  /** `locked`: for a while, after wrong passwords. */
  state: Type.Enum(['enabled', 'locked', 'disabled']),
  created_at: Timestamp,
})
export type Colleague = Static<typeof Colleague>

export const ColleagueTold = Type.Object({
  person: Colleague,
  /** Told once: the one that was made up. */
  password: Type.Optional(Type.String()),
})
export type ColleagueTold = Static<typeof ColleagueTold>

export const PeopleQuery = Type.Object(
  {
    client_id: Type.Optional(Uuid),
    ...paging,
  },
  closed,
)
export type PeopleQuery = Static<typeof PeopleQuery>

export const PeoplePage = Type.Object({ people: Type.Array(Colleague), has_more: Type.Boolean() })
export type PeoplePage = Static<typeof PeoplePage>

export const NewColleagueBody = Type.Object(
  {
    email: Type.String({ minLength: 1, maxLength: SIGN_IN_LIMITS.email, format: 'text' }),
    name,
    role,
    /** Null: one of the installation's own people. */
    client_id: Type.Union([Uuid, Type.Null()]),
    password: Type.Optional(password),
  },
  closed,
)
export type NewColleagueBody = Static<typeof NewColleagueBody>

export const ColleagueChanges = Type.Object(
  { name: Type.Optional(name), role: Type.Optional(role) },
  { ...closed, minProperties: 1 },
)
export type ColleagueChanges = Static<typeof ColleagueChanges>

export const PasswordBody = Type.Object({ password: Type.Optional(password) }, closed)
export type PasswordBody = Static<typeof PasswordBody>

export const SignInsEnded = Type.Object({ ended: Type.Integer() })
export type SignInsEnded = Static<typeof SignInsEnded>
