import Type, { type Static } from 'typebox'
import { WIRE_LIMITS } from './limits.ts'
import { Score } from './telling.ts'

/** A lower-case or upper-case UUID of any version. */
export const Uuid = Type.String({
  pattern: '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$',
})

/** RFC 3339 with milliseconds, UTC. */
export const Timestamp = Type.String({ format: 'date-time' })

/** What a person writes. The format `text` refuses NUL, lone surrogates and blanks only. */
export const Text = Type.String({ minLength: 1, maxLength: WIRE_LIMITS.text, format: 'text' })

/** The id that the sender's own machine gives a message: sending it again is the same message. */
export const ClientMessageId = Type.String({
  minLength: 1,
  maxLength: WIRE_LIMITS.clientMessageId,
  pattern: '^[A-Za-z0-9._:-]+$',
  description: 'The name that the sender gives the message: sending it again is the same message.',
})

/** Position in a conversation: 1, 2, 3, ... without holes; 0 stands for "before the first". */
export const Seq = count()

/** A whole number from 0 on, with what it counts. */
export function count(description?: string) {
  return Type.Integer({ minimum: 0, maximum: 2_147_483_647, ...(description && { description }) })
}

export const Role = Type.Enum(['user', 'assistant', 'agent', 'system'])
export const AnswerStatus = Type.Enum(['complete', 'stopped', 'interrupted', 'failed'], {
  description: 'Of an answer: how its turn ended.',
})
export const ConversationState = Type.Enum(['ai', 'agent', 'ended'], {
  description: 'Who speaks with the visitor; `ended` when nobody does.',
})
export const HandoffState = Type.Enum(['none', 'requested', 'with_agent'], {
  description: 'Whether a person is wanted, or there.',
})

/** Where conversations are held: `web`, for example. */
export const ChannelName = Type.String({ pattern: '^[a-z][a-z0-9_-]{0,39}$' })

/** A document that an answer stands on. */
export const Source = Type.Object({ title: Type.String(), url: Type.Optional(Type.String()) })

export const Author = Type.Object({ name: Type.String(), avatar_url: Type.Optional(Type.String()) })

/** One durable message. */
export const Message = Type.Object(
  {
    id: Uuid,
    seq: count('Its number in the conversation: 1, 2, 3, ... in the order of commits, without holes.'),
    role: Role,
    content: Type.String({ description: 'Markdown of an answer, else plain text. May be empty.' }),
    created_at: Timestamp,
    answers_to: Type.Optional(
      count('Of an answer: the `seq` of the last visitor message that it answers, which is its place.'),
    ),
    status: Type.Optional(AnswerStatus),
    turn: Type.Optional(count('Of an answer: the turn whose stream it ends.')),
    client_message_id: Type.Optional(Type.String()),
    author: Type.Optional(Author),
    sources: Type.Optional(Type.Array(Source, { description: 'Documents that the answer stands on.' })),
  },
  { description: 'One durable message. A transcript is sorted by `(answers_to ?? seq, seq)`.' },
)

/** A conversation as its visitor sees it. */
export const Conversation = Type.Object({
  id: Uuid,
  session_id: Uuid,
  channel: Type.String({ description: 'Where it is held: `web`, for example.' }),
  state: ConversationState,
  handoff: HandoffState,
  handoff_position: Type.Optional(
    count('While a person is wanted: the place in the queue, where it is known. 1 is next.'),
  ),
  epoch: Type.Integer({ description: 'Raised whenever it changes hands.' }),
  locale: Type.Union([Type.String(), Type.Null()], { description: 'BCP 47.' }),
  started_at: Timestamp,
  ended_at: Type.Optional(Timestamp),
  last_message_at: Timestamp,
  message_count: Type.Integer(),
  rating: Type.Optional(Score),
})

/** Whether a person could come now. */
export const Team = Type.Object(
  {
    available: Type.Boolean({ description: 'It is within the business hours, and somebody is there.' }),
    opens_at: Type.Optional(
      Type.String({ format: 'date-time', description: 'Outside the business hours: when they begin again.' }),
    ),
  },
  { description: 'The people of the business.' },
)
export type Team = Static<typeof Team>

/** How a conversation stands with regard to a person. */
export const Handoff = Type.Object(
  {
    state: HandoffState,
    position: Type.Optional(
      count('While a person is wanted: the place in the queue, where it is known. 1 is next.'),
    ),
  },
  { description: 'Whether a person is wanted or there, and how far the queue has come.' },
)

/** How far a client has read the running reply. */
export const ReplyCursor = Type.Object(
  { turn: Seq, attempt: Seq, offset: Seq },
  { additionalProperties: false, description: 'How far the client has read the running reply.' },
)

/** The running reply from `offset` (UTF-16 units) on. Offset 0 is the whole text so far. */
export const RunningReply = Type.Object({
  turn: count('Its number in the conversation.'),
  attempt: count('Raised when the turn begins anew; the text of lower attempts is void.'),
  epoch: Type.Integer(),
  answers_to: Seq,
  offset: count('Where `text` begins, in UTF-16 units; 0 is the whole text so far.'),
  text: Type.String(),
})

export type Role = Static<typeof Role>
export type AnswerStatus = Static<typeof AnswerStatus>
export type ConversationState = Static<typeof ConversationState>
export type HandoffState = Static<typeof HandoffState>
export type Handoff = Static<typeof Handoff>
export type Source = Static<typeof Source>
export type Author = Static<typeof Author>
export type Message = Static<typeof Message>
export type Conversation = Static<typeof Conversation>
export type ReplyCursor = Static<typeof ReplyCursor>
export type RunningReply = Static<typeof RunningReply>
