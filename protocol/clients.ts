import Type, { type Static } from 'typebox'
import { paging } from './paging.ts'
import { Timestamp, Uuid } from './records.ts'

const closed = { additionalProperties: false }

/** What people may write about a client, in characters; and how many sites may be its own. */
export const CLIENT_LIMITS = { name: 120, domain: 253, origin: 300, origins: 50 } as const

const name = Type.String({ minLength: 1, maxLength: CLIENT_LIMITS.name, format: 'text' })
const domain = Type.String({ minLength: 1, maxLength: CLIENT_LIMITS.domain, format: 'text' })
const locale = Type.String({ pattern: '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$' })
const Origin = Type.String({
  ...{ maxLength: CLIENT_LIMITS.origin, pattern: '^(https?://[A-Za-z0-9.:*\\[\\]-]+|file:)$' },
})
const allowed_origins = Type.Array(Origin, {
  maxItems: CLIENT_LIMITS.origins,
  description:
    'Sites that may embed the widget: `https://shop.example`, or `http://localhost:*` for any port.',
})

/** A client as the people who keep it see it. */
export const ClientAccount = Type.Object({
  id: Uuid,
  name: Type.String(),
  domain: Type.Union([Type.String(), Type.Null()], { description: 'Its own site, for people to read.' }),
  api_key: Type.String({ description: 'Publishable: it names the client and grants nothing.' }),
  status: Type.Enum(['active', 'inactive']),
  plan_type: Type.String(),
  allowed_origins: Type.Array(Type.String()),
  locale: Type.Union([Type.String(), Type.Null()], {
    description: 'What its visitors speak where their browsers do not say.',
  }),
  identity_required: Type.Boolean({ description: 'Visitors write only once they have proved who they are.' }),
  created_at: Timestamp,
})
export type ClientAccount = Static<typeof ClientAccount>

export const ClientTold = Type.Object({ client: ClientAccount })
export type ClientTold = Static<typeof ClientTold>

export const NewClientBody = Type.Object(
  { name, allowed_origins, domain: Type.Optional(domain), locale: Type.Optional(locale) },
  closed,
)
export type NewClientBody = Static<typeof NewClientBody>

/** What is left out stays; null takes away. */
export const ClientChanges = Type.Object(
  {
    name: Type.Optional(name),
    allowed_origins: Type.Optional(allowed_origins),
    domain: Type.Optional(Type.Union([domain, Type.Null()])),
    locale: Type.Optional(Type.Union([locale, Type.Null()])),
  },
  { ...closed, minProperties: 1 },
)
export type ClientChanges = Static<typeof ClientChanges>

export const ClientsQuery = Type.Object(
  {
    search: Type.Optional(
      Type.String({ maxLength: 100, description: 'A part of the name or domain, or a whole key.' }),
    ),
    ...paging,
  },
  closed,
)
export type ClientsQuery = Static<typeof ClientsQuery>

export const ClientsPage = Type.Object({ clients: Type.Array(ClientAccount), has_more: Type.Boolean() })
export type ClientsPage = Static<typeof ClientsPage>
