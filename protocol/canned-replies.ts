import Type, { type Static } from 'typebox'
import { WIRE_LIMITS } from './limits.ts'
import { Timestamp, Uuid } from './records.ts'

const closed = { additionalProperties: false }

/** Characters of what a reply is called by; and replies of one client. */
export const CANNED_REPLY_LIMITS = { shortcut: 40, count: 200 } as const

const shortcut = Type.String({
  ...{ maxLength: CANNED_REPLY_LIMITS.shortcut, pattern: '^[\\p{L}\\p{N}][\\p{L}\\p{M}\\p{N}_-]*$' },
  description:
    'What is written after `/`: letters, digits, `_` and `-`. Alike in capitals and small letters.',
})
const text = Type.String({ minLength: 1, maxLength: WIRE_LIMITS.text, format: 'text' })

/** An answer that people of a client give often. */
export const CannedReply = Type.Object({
  id: Uuid,
  shortcut: Type.String(),
  text: Type.String(),
  created_at: Timestamp,
  changed_at: Type.Optional(Timestamp),
})
export type CannedReply = Static<typeof CannedReply>

export const CannedReplyTold = Type.Object({ canned_reply: CannedReply })
export type CannedReplyTold = Static<typeof CannedReplyTold>

/** All of a client, by their shortcuts. */
export const CannedRepliesTold = Type.Object({ canned_replies: Type.Array(CannedReply) })
export type CannedRepliesTold = Static<typeof CannedRepliesTold>

export const NewCannedReplyBody = Type.Object({ shortcut, text }, closed)
export type NewCannedReplyBody = Static<typeof NewCannedReplyBody>

export const CannedReplyChanges = Type.Object(
  { shortcut: Type.Optional(shortcut), text: Type.Optional(text) },
  { ...closed, minProperties: 1 },
)
export type CannedReplyChanges = Static<typeof CannedReplyChanges>

export const CannedReplyRemoved = Type.Object({ id: Uuid })
export type CannedReplyRemoved = Static<typeof CannedReplyRemoved>
