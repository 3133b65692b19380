import Type, { type Static } from 'typebox'
import { NewIntegration, SavedEndpoint } from './integrations.ts'
import { Timestamp, Uuid } from './records.ts'

const closed = { additionalProperties: false }

const JsonObject = Type.Record(Type.String(), Type.Unknown())

export const IntegrationType = NewIntegration.properties.type
const Policy = Type.Enum(['read', 'write', 'confirm'])

/** What models may ask of an integration. */
export const IntegrationFunctionRow = Type.Object({
  name: Type.String(),
  called: Type.String({ description: 'As models know it.' }),
  description: Type.String(),
  parameters: JsonObject,
  policy: Policy,
  personal: Type.Boolean({ description: 'It tells of one visitor, who has to be proven.' }),
  user_generated: Type.Boolean({ description: 'What it returns may be written by anybody.' }),
  cache_seconds: Type.Integer(),
  label: Type.Union([Type.String(), Type.Null()]),
  request: Type.Union([JsonObject, Type.Null()], {
    description:
      'Of one that was defined by hand: what it asks, in the form of its type. Null: the type’s own.',
  }),
})
export type IntegrationFunctionRow = Static<typeof IntegrationFunctionRow>

export const VerdictTold = Type.Object({
  ok: Type.Boolean(),
  message: Type.String({ description: 'That it works, or what is wrong and what to do.' }),
  at: Timestamp,
})
export type VerdictTold = Static<typeof VerdictTold>

/** A connected system. Its credentials are told to nobody. */
export const IntegrationRow = Type.Object({
  id: Uuid,
  name: Type.String(),
  type: IntegrationType,
  config: JsonObject,
  has_credentials: Type.Boolean(),
  enabled: Type.Boolean(),
  verdict: Type.Union([VerdictTold, Type.Null()], {
    description: 'Of its last test; null: not tested since it changed.',
  }),
  functions: Type.Array(IntegrationFunctionRow),
  created_at: Timestamp,
})
export type IntegrationRow = Static<typeof IntegrationRow>

export const IntegrationTold = Type.Object({ integration: IntegrationRow })
export type IntegrationTold = Static<typeof IntegrationTold>

export const IntegrationsTold = Type.Object({ integrations: Type.Array(IntegrationRow) })
export type IntegrationsTold = Static<typeof IntegrationsTold>

export const IntegrationChanged = Type.Object({
  integration: IntegrationRow,
  must_enter: Type.Boolean({
    description:
      'Its credentials were entered for another address, or do not fit any more, and are forgotten.',
  }),
})
export type IntegrationChanged = Static<typeof IntegrationChanged>

/** What an integration of a type is made of, for forms: JSON Schemas. */
export const IntegrationTypeRow = Type.Object({
  type: IntegrationType,
  config: JsonObject,
  credentials: JsonObject,
  request: Type.Union([JsonObject, Type.Null()], {
    description: 'Of what a function defined by hand asks; null: this type brings all its functions itself.',
  }),
})
export type IntegrationTypeRow = Static<typeof IntegrationTypeRow>

export const IntegrationTypesTold = Type.Object({ types: Type.Array(IntegrationTypeRow) })
export type IntegrationTypesTold = Static<typeof IntegrationTypesTold>

/** Of the type's own form. */
export const CredentialsBody = Type.Record(Type.String(), Type.Unknown())
export type CredentialsBody = Static<typeof CredentialsBody>

/** A function as it is to be, under the name in the path. */
export const EndpointBody = Type.Omit(SavedEndpoint, ['name'], closed)
export type EndpointBody = Static<typeof EndpointBody>

export const IntegrationRemoved = Type.Object({ id: Uuid })
export type IntegrationRemoved = Static<typeof IntegrationRemoved>

export const IntegrationTested = Type.Object({ verdict: VerdictTold })
export type IntegrationTested = Static<typeof IntegrationTested>

/** As a model would ask, for a visitor of this proved id, or for one who is not signed in. */
export const FunctionTrialBody = Type.Object(
  {
    function: Type.String({ minLength: 1, maxLength: 64 }),
    arguments: JsonObject,
    user_id: Type.Optional(Type.String({ minLength: 1, maxLength: 200, format: 'text' })),
  },
  closed,
)
export type FunctionTrialBody = Static<typeof FunctionTrialBody>

export const FunctionTried = Type.Object({
  ok: Type.Boolean(),
  data: Type.Optional(Type.Unknown({ description: 'Where it is ok: what it told, without credentials.' })),
  problem: Type.Optional(Type.String({ description: 'Else why not, in a word, such as `unauthorized`.' })),
  message: Type.Optional(Type.String({ description: 'And in sentences.' })),
  execution_time_ms: Type.Integer(),
})
export type FunctionTried = Static<typeof FunctionTried>

/** A recent call: never what was asked or answered. */
export const IntegrationCallRow = Type.Object({
  id: Type.String({ description: 'A number, as text.' }),
  function: Type.String(),
  problem: Type.Union([Type.String(), Type.Null()], { description: 'Null: it went well.' }),
  message: Type.Union([Type.String(), Type.Null()]),
  cached: Type.Boolean({ description: 'Nobody was asked: the answer was still there.' }),
  execution_time_ms: Type.Integer(),
  at: Timestamp,
})
export type IntegrationCallRow = Static<typeof IntegrationCallRow>

export const IntegrationCallsTold = Type.Object({ calls: Type.Array(IntegrationCallRow) })
export type IntegrationCallsTold = Static<typeof IntegrationCallsTold>
