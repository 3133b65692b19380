import { Type, type Static } from 'typebox'
import { TOOL_LIMITS } from './tools.ts'

const closed = { additionalProperties: false }

/** How much is kept of integrations: characters as JSON, and numbers. */
export const INTEGRATION_LIMITS = {
  config: 16_384,
  credentials: 16_384,
  request: 16_384,
  /** Integrations of one client, and functions defined for one of them. */
  perClient: 10,
  endpoints: 24,
  /** Seconds for which answers are cached at most, and where nothing else is said. */
  longestCache: 600,
  usualCache: 300,
  /** Recent calls that are kept of each integration, and failures beside them. */
  calls: 100,
} as const

/** A system of a client, as it is connected. `config` is of its type's own form. */
export const NewIntegration = Type.Object(
  {
    name: Type.String({
      pattern: '^[A-Za-z][A-Za-z0-9_-]{0,31}$',
      description: 'Before the names of its functions.',
    }),
    type: Type.Enum(['shopify', 'woocommerce', 'custom_api', 'database']),
    config: Type.Record(Type.String(), Type.Unknown()),
  },
  closed,
)
export type NewIntegration = Static<typeof NewIntegration>

/** What may be changed of it. */
export const IntegrationChanges = Type.Partial(
  Type.Object({ config: Type.Record(Type.String(), Type.Unknown()), enabled: Type.Boolean() }, closed),
  closed,
)
export type IntegrationChanges = Static<typeof IntegrationChanges>

/** A function of an integration. `request` is of its type's own form. */
export const SavedEndpoint = Type.Object(
  {
    name: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9_-]{0,47}$' }),
    description: Type.String({
      format: 'text',
      maxLength: TOOL_LIMITS.description,
      description: 'For the model: what it tells, when to ask it, and when not.',
    }),
    parameters: Type.Unknown({ description: 'JSON Schema of an object.' }),
    request: Type.Record(Type.String(), Type.Unknown()),
    policy: Type.Optional(Type.Enum(['read', 'write', 'confirm'])),
    personal: Type.Optional(Type.Boolean({ description: 'It tells of one visitor, who has to be proven.' })),
    user_generated: Type.Optional(
      Type.Boolean({ description: 'What it returns may be written by anybody.' }),
    ),
    cache_seconds: Type.Optional(Type.Integer({ minimum: 0, maximum: INTEGRATION_LIMITS.longestCache })),
    label: Type.Optional(
      Type.Union([Type.String({ format: 'text', maxLength: TOOL_LIMITS.label }), Type.Null()], {
        description: 'What the visitor reads while it works; null: its name.',
      }),
    ),
  },
  closed,
)
export type SavedEndpoint = Static<typeof SavedEndpoint>
