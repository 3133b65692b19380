import Type, { type Static } from 'typebox'
import { CatalogueTool } from './catalogue.ts'
import { Timestamp, Uuid } from './records.ts'
import { ClientToolChanges, TOOL_LIMITS } from './tools.ts'

const closed = { additionalProperties: false }

const Changes = ClientToolChanges.properties

/** A tool as one client uses it. */
export const ClientToolRow = Type.Object({
  tool: CatalogueTool,
  enabled: Type.Boolean({ description: 'Whether the model may call it.' }),
  n8n_webhook_url: Type.Union([Type.String(), Type.Null()]),
  policy: Type.Enum(['read', 'write', 'confirm']),
  idempotent: Type.Boolean({ description: 'Whether the same call made twice does no harm.' }),
  label: Type.Union([Type.String(), Type.Null()], {
    description: 'What the visitor reads while it works; null: its name.',
  }),
})
export type ClientToolRow = Static<typeof ClientToolRow>

/** With which secret its workflows' calls are signed; never the secret itself. */
export const Signing = Type.Object({
  issued: Type.Boolean({ description: 'There is a secret.' }),
  previous_until: Type.Union([Timestamp, Type.Null()], {
    description: 'Until when the secret before it still counts; null: there is none.',
  }),
})
export type Signing = Static<typeof Signing>

export const ClientToolsTold = Type.Object({ tools: Type.Array(ClientToolRow), signing: Signing })
export type ClientToolsTold = Static<typeof ClientToolsTold>

/** With what is sent with every call, which may hold what is not for everybody. */
export const ClientToolRead = Type.Object({
  tool: Type.Object({
    ...ClientToolRow.properties,
    custom_config: Type.Record(Type.String(), Type.Unknown(), { description: 'Sent with every call.' }),
  }),
})
export type ClientToolRead = Static<typeof ClientToolRead>

export const ClientToolTold = Type.Object({
  ...ClientToolRead.properties,
  secret: Type.Optional(
    Type.String({ description: 'Told this once: it signs the client’s calls from now on.' }),
  ),
})
export type ClientToolTold = Static<typeof ClientToolTold>

export const NewClientToolBody = Type.Object(
  {
    tool_id: Uuid,
    n8n_webhook_url: Type.String({ minLength: 1, maxLength: TOOL_LIMITS.url }),
    enabled: Changes.enabled,
    custom_config: Changes.custom_config,
    policy: Changes.policy,
    idempotent: Changes.idempotent,
    label: Changes.label,
  },
  closed,
)
export type NewClientToolBody = Static<typeof NewClientToolBody>

export const SecretIssued = Type.Object({
  secret: Type.String({ description: 'Told this once.' }),
  signing: Signing,
})
export type SecretIssued = Static<typeof SecretIssued>
