import Type, { type Static } from 'typebox'
import { paging } from './paging.ts'
import { Timestamp, Uuid } from './records.ts'

const closed = { additionalProperties: false }

/** The number of an entry, as text: it outgrows JavaScript's numbers. */
const EntryId = Type.String({ pattern: '^[0-9]{1,18}$' })

/** Something that was done, and by whom. */
export const AuditEntryTold = Type.Object({
  id: EntryId,
  at: Timestamp,
  actor: Type.Enum(['visitor', 'admin', 'system'], {
    description: '`system`: who commands the machine, or the server itself.',
  }),
  /** Of a person of the business; the name where there still is such a person. */
  actor_id: Type.Optional(Uuid),
  actor_name: Type.Optional(Type.String()),
  /** `client.changed`, for example: what was done to what. */
  action: Type.String(),
  client_id: Type.Optional(Uuid),
  conversation_id: Type.Optional(Uuid),
  details: Type.Record(Type.String(), Type.Unknown()),
})
export type AuditEntryTold = Static<typeof AuditEntryTold>

export const AuditLogQuery = Type.Object(
  {
    client_id: Type.Optional(Uuid),
    conversation_id: Type.Optional(Uuid),
    actor_id: Type.Optional(Uuid),
    actor: Type.Optional(Type.Enum(['visitor', 'admin', 'system'])),
    action: Type.Optional(
      Type.String({
        ...{ maxLength: 100, pattern: '^[a-z_]+(\\.[a-z_]+)*\\.?$' },
        description: 'The whole of it, or with a dot at its end all that begin so: `client.`.',
      }),
    ),
    from: Type.Optional(Timestamp),
    until: Type.Optional(Timestamp),
    after: Type.Optional(EntryId),
    limit: paging.limit,
  },
  closed,
)
export type AuditLogQuery = Static<typeof AuditLogQuery>

export const AuditLogPage = Type.Object({ entries: Type.Array(AuditEntryTold), has_more: Type.Boolean() })
export type AuditLogPage = Static<typeof AuditLogPage>
