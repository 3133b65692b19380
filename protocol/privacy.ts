import Type, { type Static } from 'typebox'
import { paging } from './paging.ts'
import { Timestamp, Uuid } from './records.ts'
import { Count } from './retention.ts'

/** Proof of an erasure or an export, as whoever asked for it is told. */
export const PrivacyReceipt = Type.Object({
  id: Uuid,
  kind: Type.Enum(['erasure', 'export']),
  visitor_id: Uuid,
  at: Timestamp,
  counts: Type.Array(Count, { description: 'How many rows of which table, of archives and caches.' }),
  cached_until: Type.Optional(Timestamp),
})
export type PrivacyReceipt = Static<typeof PrivacyReceipt>

/** What is kept of a receipt. It names nobody: whoever has the visitor's id finds that it was meant. */
export const KeptReceipt = Type.Object({
  id: Uuid,
  client_id: Uuid,
  kind: Type.Enum(['erasure', 'export']),
  visitor_sha256: Type.String({ description: 'SHA-256 of the visitor’s id, in hex.' }),
  at: Timestamp,
  actor: Type.Enum(['admin', 'system'], { description: '`system`: who commands the machine.' }),
  actor_id: Type.Union([Uuid, Type.Null()]),
  /** Where there still is such a person. */
  actor_name: Type.Union([Type.String(), Type.Null()]),
  counts: Type.Array(Count),
})
export type KeptReceipt = Static<typeof KeptReceipt>

export const ReceiptsQuery = Type.Object(
  {
    client_id: Type.Optional(Uuid),
    visitor_id: Type.Optional(Uuid),
    ...paging,
  },
  { additionalProperties: false },
)
export type ReceiptsQuery = Static<typeof ReceiptsQuery>

export const ReceiptsPage = Type.Object({ receipts: Type.Array(KeptReceipt), has_more: Type.Boolean() })
export type ReceiptsPage = Static<typeof ReceiptsPage>

export const VisitorErased = Type.Object({ receipt: PrivacyReceipt })
export type VisitorErased = Static<typeof VisitorErased>
