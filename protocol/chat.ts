import Type, { type Static, type TSchema } from 'typebox'
import { ClientMessageId, Message, Seq, Text, Uuid, count } from './records.ts'
import { Problem } from './rest.ts'
import { Confirming, TurnFailure, WIDGET_EVENTS } from './widget.ts'

const closed = { additionalProperties: false }

/** A message to which the answer is waited for. */
export const ChatBody = Type.Object(
  {
    client_api_key: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 100,
        description: 'The publishable key. A secret key in `Authorization` makes it unnecessary.',
      }),
    ),
    session_id: Type.Optional(Uuid),
    message: Text,
    user_id: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        format: 'text',
        description: 'Your own name for the visitor. It counts where a session is begun.',
      }),
    ),
    client_message_id: Type.Optional(ClientMessageId),
  },
  closed,
)
export type ChatBody = Static<typeof ChatBody>

/** Which session and message an answer of `POST /api/v1/chat` is about: what it takes to ask again. */
const handle = {
  session_id: Uuid,
  session_token: Type.Optional(
    Type.String({ description: 'Told once, when the session is new. Whoever holds it is the visitor.' }),
  ),
  client_message_id: ClientMessageId,
}
export const ChatHandle = Type.Object(handle)
export type ChatHandle = Static<typeof ChatHandle>

/** What a message came to. */
export const ChatReply = Type.Object({
  ...handle,
  response: Type.Union([Type.String(), Type.Null()], {
    description: 'The text of the answer; null where the assistant gives none.',
  }),
  handled_by: Type.Enum(['assistant', 'agent', 'nobody'], {
    description: 'A person may have the conversation, or it ended before the message was read.',
  }),
  tool_calls_made: count('Tools that the answer took.'),
  pending: Type.Optional(
    Type.Object(
      { confirming: Confirming },
      {
        description:
          'The answer waits for the visitor’s yes or no to these. Say it by `confirm`; the same request goes on waiting.',
      },
    ),
  ),
  message: Type.Optional(Message),
  failure: Type.Optional(TurnFailure),
})
export type ChatReply = Static<typeof ChatReply>

/** First event of a streamed answer: the message is saved, and this is what it takes to ask again. */
export const ChatAccepted = Type.Object({ ...handle, message: Message })
export type ChatAccepted = Static<typeof ChatAccepted>

/** `reply:delta` with names, as streams of events tell it. */
export const StreamedDelta = Type.Object({
  turn: Seq,
  attempt: Seq,
  offset: count('UTF-16 units of the reply’s text before this one.'),
  text: Type.String(),
})
export type StreamedDelta = Static<typeof StreamedDelta>

/** What `POST /api/v1/chat` tells as `text/event-stream`. It ends with `reply:end`, or with one of the last three. */
export const CHAT_EVENTS = {
  'chat:accepted': ChatAccepted,
  'reply:start': WIDGET_EVENTS['reply:start'],
  'reply:delta': StreamedDelta,
  'tool:start': WIDGET_EVENTS['tool:start'],
  'tool:end': WIDGET_EVENTS['tool:end'],
  'tool:confirm': WIDGET_EVENTS['tool:confirm'],
  'tool:confirmed': WIDGET_EVENTS['tool:confirmed'],
  /** The final message. It replaces whatever was streamed. */
  'reply:end': WIDGET_EVENTS['reply:end'],
  /** The assistant gives no answer: a person has the conversation, or it has ended. */
  'chat:unanswered': Type.Object({ handled_by: Type.Enum(['agent', 'nobody']) }),
  'server:draining': WIDGET_EVENTS['server:draining'],
  /** The stream cannot go on: `answer_timeout`, or `client_unknown` where the client is not active any more. */
  problem: Problem,
} as const satisfies Record<string, TSchema>

/** What `GET /api/v1/sessions/:session_id/events` tells: everything that a socket does. */
export const STREAM_EVENTS = {
  ...WIDGET_EVENTS,
  'reply:delta': StreamedDelta,
  problem: Problem,
} as const satisfies Record<string, TSchema>

/** Where the reader's copy ends; `Last-Event-ID` says the same, and counts before these. */
export const EventsQuery = Type.Object(
  { conversation_id: Type.Optional(Uuid), last_seq: Type.Optional(Seq) },
  closed,
)
export type EventsQuery = Static<typeof EventsQuery>
