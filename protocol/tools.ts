import { Type, type Static } from 'typebox'

const closed = { additionalProperties: false }

/** How long what is kept of a tool may be, in characters; of a configuration, as JSON. */
export const TOOL_LIMITS = {
  description: 2_000,
  label: 80,
  url: 2_000,
  config: 4_096,
  /** Tools that one client may have. */
  perClient: 32,
} as const

/** A function of the catalogue that all clients choose from. The name is what every vendor takes. */
export const SavedTool = Type.Object(
  {
    tool_name: Type.String({ pattern: '^[A-Za-z][A-Za-z0-9_-]{0,63}$' }),
    description: Type.String({
      format: 'text',
      maxLength: TOOL_LIMITS.description,
      description: 'For the model: what it does, when to call it, and when not.',
    }),
    parameters_schema: Type.Unknown({ description: 'JSON Schema of an object.' }),
    category: Type.Optional(Type.String({ format: 'text', maxLength: 40 })),
  },
  closed,
)
export type SavedTool = Static<typeof SavedTool>

/** Bytes of what is brought to a call that was answered before. */
export const CALLBACK_BYTES = 64 * 1024

/** What a workflow brings to a call of its own after it had answered. */
export const Callback = Type.Object(
  {
    result: Type.Optional(Type.Unknown({ description: 'What the model reads: any JSON.' })),
    error: Type.Optional(
      Type.String({ minLength: 1, maxLength: 2_000, description: 'Instead: why there is no result.' }),
    ),
  },
  { ...closed, minProperties: 1, maxProperties: 1, description: 'One of the two.' },
)
export type Callback = Static<typeof Callback>

export const CallbackTaken = Type.Object({
  repeated: Type.Boolean({ description: 'It was brought before: nothing has happened.' }),
})
export type CallbackTaken = Static<typeof CallbackTaken>

/** How a client uses a tool: what may be changed of it. */
export const ClientToolChanges = Type.Partial(
  Type.Object(
    {
      enabled: Type.Boolean(),
      n8n_webhook_url: Type.String({ minLength: 1, maxLength: TOOL_LIMITS.url }),
      custom_config: Type.Record(Type.String(), Type.Unknown(), { description: 'Sent with every call.' }),
      policy: Type.Enum(['read', 'write', 'confirm']),
      idempotent: Type.Boolean({ description: 'Whether the same call made twice does no harm.' }),
      label: Type.Union([Type.String({ format: 'text', maxLength: TOOL_LIMITS.label }), Type.Null()], {
        description: 'What the visitor reads while it works; null: its name.',
      }),
    },
    closed,
  ),
  closed,
)
export type ClientToolChanges = Static<typeof ClientToolChanges>
