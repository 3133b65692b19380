import Type, { type Static, type TSchema } from 'typebox'
import { McpToolChanges } from './mcp.ts'
import { Timestamp, Uuid } from './records.ts'

const closed = { additionalProperties: false }

const orNull = <T extends TSchema>(schema: T, description: string) =>
  Type.Union([schema, Type.Null()], { description })

/** A tool that a server lists, and how it stands. The server's words: what shows nothing is written as `<U+200B>`. */
export const McpToolRow = Type.Object({
  id: Uuid,
  name: Type.String({ description: 'The server’s name for it.' }),
  called: Type.String({ description: 'As models know it.' }),
  description: Type.String(),
  standing: Type.Enum(['offered', 'off', 'gone', 'new', 'changed', 'unfit'], {
    description:
      '`new` and `changed` want approval; `off`: approved, and switched off; `gone`: no longer listed; `unfit`: it ' +
      'cannot be offered, as `problem` says.',
  }),
  problem: orNull(Type.String(), 'Why it cannot be offered; null: it can.'),
  hash: Type.String({ description: 'Of the whole definition, as it was listed last.' }),
  enabled: Type.Boolean(),
  policy: Type.Enum(['read', 'write', 'confirm']),
  idempotent: Type.Boolean(),
  label: orNull(Type.String(), 'What the visitor reads while it works; null: its name.'),
  approved_by: orNull(Type.String(), 'Null: nobody yet.'),
  approved_at: orNull(Timestamp, 'Null: not yet.'),
})
export type McpToolRow = Static<typeof McpToolRow>

/** A server of the Model Context Protocol. Its credential is told to nobody. */
export const McpServerRow = Type.Object({
  id: Uuid,
  name: Type.String(),
  url: Type.String(),
  credential_header: orNull(Type.String(), 'By which header its credential is sent; null: there is none.'),
  tells_visitor: Type.Boolean({ description: 'Whether it is told who the visitor is.' }),
  enabled: Type.Boolean(),
  revision: orNull(Type.String(), 'Of the protocol, as it was settled last.'),
  listed_at: orNull(Timestamp, 'When its tools were listed last.'),
  fault: orNull(Type.String(), 'Why the last look failed; null: it did not.'),
  tools: Type.Array(McpToolRow),
  created_at: Timestamp,
})
export type McpServerRow = Static<typeof McpServerRow>

export const McpServerTold = Type.Object({ server: McpServerRow })
export type McpServerTold = Static<typeof McpServerTold>

export const McpServersTold = Type.Object({ servers: Type.Array(McpServerRow) })
export type McpServersTold = Static<typeof McpServersTold>

export const McpServerChanged = Type.Object({
  server: McpServerRow,
  lost_credential: Type.Boolean({ description: 'The credential was another host’s, and is deleted.' }),
})
export type McpServerChanged = Static<typeof McpServerChanged>

export const McpServerRemoved = Type.Object({ id: Uuid })
export type McpServerRemoved = Static<typeof McpServerRemoved>

/** What asking a server came to. */
export const McpTested = Type.Object({
  ok: Type.Boolean(),
  message: Type.String({ description: 'That it answers, or why it cannot be used.' }),
})
export type McpTested = Static<typeof McpTested>

export const McpLooked = Type.Object({
  ...McpTested.properties,
  server: McpServerRow,
  unreadable: Type.Array(Type.Object({ name: Type.String(), problem: Type.String() }), {
    description: 'Tools that were left out, and why.',
  }),
  cut: Type.Boolean({ description: 'There is more, which is not taken.' }),
})
export type McpLooked = Static<typeof McpLooked>

/** All of a definition, as a person approves it. */
export const McpToolRead = Type.Object({
  tool: McpToolRow,
  changed: Type.Boolean({
    description:
      'Another definition was approved before: the lines begin with `-` (went), `+` (came) or a blank.',
  }),
  lines: Type.Array(Type.String()),
})
export type McpToolRead = Static<typeof McpToolRead>

export const McpToolTold = Type.Object({ tool: McpToolRow })
export type McpToolTold = Static<typeof McpToolTold>

/** What a person saw, by its hash, and how it is to be used: `confirm` where nothing else is said. */
export const McpApprovalBody = Type.Object(
  {
    hash: Type.String({ pattern: '^[0-9a-f]{64}$' }),
    ...McpToolChanges.properties,
  },
  closed,
)
export type McpApprovalBody = Static<typeof McpApprovalBody>
