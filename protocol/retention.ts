import Type, { type Static } from 'typebox'
import { paging } from './paging.ts'
import { Timestamp, Uuid } from './records.ts'

const closed = { additionalProperties: false }

export const Count = Type.Object({ what: Type.String(), count: Type.Integer() })

/** One pass of retention, and what it removed. */
export const RetentionRun = Type.Object({
  id: Uuid,
  state: Type.Enum(['running', 'done', 'failed', 'lost'], {
    description: '`lost`: it gave no sign of life any more; the next pass went on.',
  }),
  dry_run: Type.Boolean({ description: 'It only counted.' }),
  host: Type.String(),
  started_at: Timestamp,
  finished_at: Type.Union([Timestamp, Type.Null()]),
  fault: Type.Union([Type.String(), Type.Null()]),
  counts: Type.Array(Count),
  partitions: Type.Array(Type.String(), { description: 'Days of messages that were dropped whole.' }),
})
export type RetentionRun = Static<typeof RetentionRun>

export const RetentionRunsQuery = Type.Object({ ...paging }, closed)
export type RetentionRunsQuery = Static<typeof RetentionRunsQuery>

export const RetentionRunsPage = Type.Object({ runs: Type.Array(RetentionRun), has_more: Type.Boolean() })
export type RetentionRunsPage = Static<typeof RetentionRunsPage>

/** That nothing of a conversation may be removed. */
export const LegalHold = Type.Object({
  conversation_id: Uuid,
  client_id: Uuid,
  reason: Type.String(),
  held_at: Timestamp,
  actor: Type.Enum(['admin', 'system']),
  actor_id: Type.Union([Uuid, Type.Null()]),
})
export type LegalHold = Static<typeof LegalHold>

export const HoldBody = Type.Object(
  { reason: Type.String({ minLength: 1, maxLength: 500, format: 'text' }) },
  closed,
)
export type HoldBody = Static<typeof HoldBody>

export const HoldTold = Type.Object({ hold: LegalHold })
export type HoldTold = Static<typeof HoldTold>

export const HoldReleased = Type.Object({ conversation_id: Uuid })
export type HoldReleased = Static<typeof HoldReleased>

export const HoldsQuery = Type.Object({ client_id: Type.Optional(Uuid), ...paging }, closed)
export type HoldsQuery = Static<typeof HoldsQuery>

export const HoldsPage = Type.Object({ holds: Type.Array(LegalHold), has_more: Type.Boolean() })
export type HoldsPage = Static<typeof HoldsPage>
