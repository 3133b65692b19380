import Type, { type Static } from 'typebox'
import { AdminConversation, WatchedMessage } from './admin.ts'
import { Attributes } from './attributes.ts'
import { paging } from './paging.ts'
import { ChannelName, count, HandoffState, Timestamp, Uuid } from './records.ts'
import { Score } from './telling.ts'

const closed = { additionalProperties: false }

/** Messages of one page of a transcript, and the number told when no limit is asked. */
export const TRANSCRIPT_LIMITS = { page: 1_000, default: 200 } as const

const dollars = Type.Number({ minimum: 0, description: 'US dollars.' })
const milliseconds = Type.Union([Type.Integer({ minimum: 0 }), Type.Null()])

/** Which conversations are meant. */
const filters = {
  client_id: Type.Optional(Uuid),
  visitor_id: Type.Optional(Uuid),
  state: Type.Optional(
    Type.Enum(['open', 'ai', 'agent', 'ended'], { description: '`open`: not ended, whoever speaks.' }),
  ),
  channel: Type.Optional(ChannelName),
  handoff: Type.Optional(HandoffState),
  rating_from: Type.Optional(Score),
  rating_to: Type.Optional(Score),
  /** Begun from this moment on, and before that one. */
  from: Type.Optional(Timestamp),
  until: Type.Optional(Timestamp),
  search: Type.Optional(
    Type.String({
      ...{ minLength: 1, maxLength: 200, format: 'text' },
      description:
        'A part of what was said, of the visitor’s name with the client, or of the e-mail address left; capitals do not matter.',
    }),
  ),
  test: Type.Optional(
    Type.Enum(['only', 'too'], { description: 'Test chats: left out where this is not asked.' }),
  ),
}

export const ConversationsQuery = Type.Object({ ...filters, ...paging }, closed)
export type ConversationsQuery = Static<typeof ConversationsQuery>

export type ConversationFilters = Omit<ConversationsQuery, 'after' | 'limit'>

/** A conversation as lists of the people of the business have it. */
export const ListedConversation = Type.Object({
  ...AdminConversation.properties,
  visitor_id: Uuid,
  /** The client’s own name for the visitor, proved or not. */
  user_identifier: Type.Optional(Type.String()),
  is_test: Type.Boolean(),
  tokens: count('Of all its answers, read and written.'),
  cost: dollars,
  match: Type.Optional(
    Type.Object(
      { seq: count(), text: Type.String() },
      { description: 'Of a search: the last message that has the text, and what stands around it.' },
    ),
  ),
})
export type ListedConversation = Static<typeof ListedConversation>

export const ConversationsPage = Type.Object({
  conversations: Type.Array(ListedConversation),
  has_more: Type.Boolean(),
  next: Type.Optional(
    Type.String({
      description:
        'What to give as `after` for what follows. A search looks through so many conversations at a time: its page may be short, or empty, and more follow all the same.',
    }),
  ),
})
export type ConversationsPage = Static<typeof ConversationsPage>

/** Who wrote, as far as it is known. */
const ConversationVisitor = Type.Object({
  id: Uuid,
  user_identifier: Type.Optional(Type.String()),
  proven: Type.Boolean({ description: 'The client has vouched for the name.' }),
  name: Type.Optional(Type.String()),
  email: Type.Optional(Type.String()),
  attributes: Attributes,
  locale: Type.Optional(Type.String()),
  created_at: Timestamp,
  last_seen_at: Timestamp,
  conversation_count: count('With this one.'),
})

export const ConversationRating = Type.Object({
  subject: Type.Enum(['ai', 'agent']),
  score: Score,
  comment: Type.Optional(Type.String()),
  created_at: Timestamp,
})

export const ConversationTold = Type.Object({
  conversation: ListedConversation,
  visitor: ConversationVisitor,
  ratings: Type.Array(ConversationRating),
})
export type ConversationTold = Static<typeof ConversationTold>

/** One call of a tool, as it was made and answered; secrets are masked. */
export const ToolCallTold = Type.Object({
  step: count('Of the turn.'),
  call_id: Type.String(),
  name: Type.String(),
  arguments: Type.Unknown(),
  result: Type.Unknown({ description: 'Null while none is known.' }),
  ok: Type.Union([Type.Boolean(), Type.Null()], {
    description: 'Null: begun, and how it ended is not known.',
  }),
  duration_ms: milliseconds,
  at: Timestamp,
  late: Type.Optional(
    Type.Object(
      { result: Type.Unknown(), at: Timestamp },
      { description: 'What was brought after the call had been answered.' },
    ),
  ),
})
export type ToolCallTold = Static<typeof ToolCallTold>

/** What one model did in a turn. */
const Spent = Type.Object({
  provider: Type.String(),
  model: Type.String(),
  tokens_input: count(),
  tokens_output: count(),
  tokens_cached: count(),
  tokens_estimated: count(),
  cost: dollars,
})

/** One answer in the making: what it took, and what it came to. */
export const TurnTold = Type.Object({
  number: count(),
  state: Type.Enum(['queued', 'running', 'complete', 'stopped', 'interrupted', 'failed']),
  attempts: count('How often it was begun.'),
  provider: Type.Optional(Type.String()),
  model: Type.Optional(Type.String()),
  prompt_version: Type.Optional(Type.String()),
  from_cache: Type.Boolean(),
  tokens_input: count(),
  tokens_output: count(),
  tokens_cached: count('Part of the input that the vendor had in its cache.'),
  tokens_estimated: count('Part of all tokens that we counted ourselves.'),
  cost: dollars,
  spent: Type.Array(Spent, { description: 'By model: one turn may ask several.' }),
  first_token_ms: milliseconds,
  total_ms: milliseconds,
  error: Type.Optional(Type.String()),
  opened_at: Timestamp,
  ended_at: Type.Optional(Timestamp),
  calls: Type.Array(ToolCallTold),
})
export type TurnTold = Static<typeof TurnTold>

/** `before_seq` pages backwards from there, `after_seq` forwards; neither means the newest. */
export const TranscriptQuery = Type.Object(
  {
    before_seq: Type.Optional(count()),
    after_seq: Type.Optional(count()),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: TRANSCRIPT_LIMITS.page })),
  },
  closed,
)
export type TranscriptQuery = Static<typeof TranscriptQuery>

/** Messages in the order of `seq`, and the turns that made those of them that are answers. */
export const TranscriptPage = Type.Object({
  messages: Type.Array(WatchedMessage),
  turns: Type.Array(TurnTold),
  has_more: Type.Boolean({ description: 'Messages remain in the direction of reading.' }),
})
export type TranscriptPage = Static<typeof TranscriptPage>

export const ExportQuery = Type.Object(
  { ...filters, format: Type.Enum(['csv', 'json']), conversation_id: Type.Optional(Uuid) },
  closed,
)
export type ExportQuery = Static<typeof ExportQuery>

/** A conversation as it is exported, whole. */
export const ExportedConversation = Type.Object({
  ...ListedConversation.properties,
  messages: Type.Array(WatchedMessage),
  turns: Type.Array(TurnTold),
})
export type ExportedConversation = Static<typeof ExportedConversation>
