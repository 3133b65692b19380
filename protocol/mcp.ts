import { Type, type Static } from 'typebox'
import { TOOL_LIMITS } from './tools.ts'

const closed = { additionalProperties: false }

/** What a client may have of servers and of their tools; of a credential, in characters. */
export const MCP_KEEPING = {
  serversPerClient: 8,
  toolsPerClient: 32,
  credential: 4_096,
} as const

/** A server as it is added. Its name stands before those of its tools. */
export const NewMcpServer = Type.Object(
  {
    name: Type.String({ pattern: '^[a-z][a-z0-9-]{0,23}$' }),
    url: Type.String({ minLength: 1, maxLength: TOOL_LIMITS.url }),
    tells_visitor: Type.Optional(Type.Boolean()),
  },
  closed,
)
export type NewMcpServer = Static<typeof NewMcpServer>

/** What may be changed of a server. */
export const McpServerChanges = Type.Partial(
  Type.Object(
    {
      url: Type.String({ minLength: 1, maxLength: TOOL_LIMITS.url }),
      enabled: Type.Boolean(),
      tells_visitor: Type.Boolean({ description: 'Whether it is told who the visitor is.' }),
    },
    closed,
  ),
  closed,
)
export type McpServerChanges = Static<typeof McpServerChanges>

/** By what a server knows the client. The names of headers that carry the message itself are refused later. */
export const McpCredential = Type.Object(
  {
    header: Type.String({ pattern: '^[A-Za-z0-9-]{1,64}$' }),
    value: Type.String({
      pattern: '^[\\x21-\\x7E](?:[\\x20-\\x7E]*[\\x21-\\x7E])?$',
      maxLength: MCP_KEEPING.credential,
    }),
  },
  closed,
)
export type McpCredential = Static<typeof McpCredential>

/** How a client uses a tool of a server: what may be changed of it, and said when it is approved. */
export const McpToolChanges = Type.Partial(
  Type.Object(
    {
      enabled: Type.Boolean(),
      policy: Type.Enum(['read', 'write', 'confirm']),
      idempotent: Type.Boolean(),
      label: Type.Union([Type.String({ format: 'text', maxLength: TOOL_LIMITS.label }), Type.Null()]),
    },
    closed,
  ),
  closed,
)
export type McpToolChanges = Static<typeof McpToolChanges>
