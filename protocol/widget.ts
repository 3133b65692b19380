import Type, { type Static, type TSchema } from 'typebox'
import { ERRORS, type ErrorCode } from './errors.ts'
import { IdentityToken } from './identity.ts'
import { WIRE_LIMITS } from './limits.ts'
import {
  ClientMessageId,
  Conversation,
  count,
  Handoff,
  Message,
  ReplyCursor,
  RunningReply,
  Seq,
  Team,
  Text,
  Timestamp,
  Uuid,
} from './records.ts'
import type { Result } from './result.ts'
import { PROTOCOL_VERSION } from './version.ts'
import { TELLING_REQUESTS } from './telling.ts'

/** The Socket.IO namespace of visitors. */
export const WIDGET_NAMESPACE = '/widget'

const closed = { additionalProperties: false }

/** Where a client's copy of the transcript ends: everything later is sent. */
const cursor = {
  /** The conversation that `last_seq` and `reply` speak of; another one current means a fresh transcript. */
  conversation_id: Type.Optional(Uuid),
  last_seq: Type.Optional(Seq),
  reply: Type.Optional(ReplyCursor),
}

/** `auth` of the handshake. */
export const WidgetHandshake = Type.Object(
  {
    client_key: Type.String({ minLength: 1, maxLength: 100 }),
    protocol: Type.Literal(PROTOCOL_VERSION),
    session_id: Type.Optional(Uuid),
    session_token: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
    identity_token: Type.Optional(IdentityToken),
    locale: Type.Optional(Type.String({ pattern: '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$' })),
    page_url: Type.Optional(Type.String({ maxLength: 2_048 })),
    ...cursor,
  },
  closed,
)
export type WidgetHandshake = Static<typeof WidgetHandshake>

const Empty = Type.Object({}, closed)
const Page = Type.Object({ messages: Type.Array(Message), has_more: Type.Boolean() })

/** The visitor's answer to `tool:confirm`. */
export const ToolAnswer = Type.Object(
  { call_id: Type.String({ maxLength: 100, pattern: '^[A-Za-z0-9.-]+$' }), approved: Type.Boolean() },
  closed,
)
export type ToolAnswer = Static<typeof ToolAnswer>

/** What a visitor is asked before a call is made. */
export const ToolConfirm = Type.Object(
  {
    turn: Seq,
    call_id: Type.String({ description: 'For `tool:answer`. It names this one call, for ever.' }),
    label: Type.String({ description: 'Words for the visitor: what would be done.' }),
    arguments: Type.Record(Type.String(), Type.Unknown(), {
      description:
        'Exactly what it would be done with. A model wrote it: to be shown as text, whatever it says.',
    }),
    expires_at: Timestamp,
  },
  {
    description:
      'A call waits for the visitor’s yes. Told again, the same, when the turn goes on elsewhere. Over with ' +
      '`tool:confirmed`, or with the `reply:end` of its turn.',
  },
)
export type ToolConfirm = Static<typeof ToolConfirm>

/** What became of the question. */
export const ToolConfirmed = Type.Object(
  {
    turn: Seq,
    call_id: Type.String(),
    approved: Type.Boolean(),
    how: Type.Enum(['visitor', 'message', 'expired'], {
      description:
        'Who decided: the visitor; the visitor, by writing something else; nobody, and the time is over.',
    }),
  },
  { description: 'A call waits for the visitor no more. Whoever has not heard of the question lets it be.' },
)
export type ToolConfirmed = Static<typeof ToolConfirmed>

/** The questions that wait, as who comes in is told them. */
export const Confirming = Type.Array(ToolConfirm, { description: 'Calls that wait for the visitor’s yes.' })

/** Everything a visitor can ask over its socket: what for, the payload, and the data of a positive ack. */
export const WIDGET_REQUESTS = {
  'message:send': {
    summary:
      'Say something. Acked after the commit; the same `client_message_id` gives the same message again.',
    payload: Type.Object({ client_message_id: ClientMessageId, text: Text }, closed),
    data: Type.Object({ message: Message }),
  },
  'session:sync': {
    summary: 'Ask for what the copy lacks after `last_seq`, and for the running reply.',
    payload: Type.Object({ ...cursor, last_seq: Seq }, closed),
    data: Type.Object({
      conversation: Type.Union([Conversation, Type.Null()]),
      messages: Type.Array(Message),
      has_more: Type.Boolean(),
      reply: Type.Optional(RunningReply),
      confirming: Confirming,
    }),
  },
  'session:identify': {
    summary: 'Prove who the visitor is. A session that is somebody’s already stays theirs.',
    payload: Type.Object({ identity_token: IdentityToken }, closed),
    /** The `sub` of the token. */
    data: Type.Object({ user_id: Type.String() }),
  },
  'history:load': {
    summary: 'Ask for older messages.',
    payload: Type.Object(
      {
        before_seq: Seq,
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: WIRE_LIMITS.historyPage })),
      },
      closed,
    ),
    data: Page,
  },
  'reply:stop': {
    summary: 'Stop the running reply; what was said is kept.',
    payload: Type.Object({ turn: Seq }, closed),
    /** `stopped` is false when that turn had ended already. */
    data: Type.Object({ stopped: Type.Boolean() }),
  },
  'tool:answer': {
    summary: 'Say yes or no to a call that waits for it. Asked again with the same answer, nothing changes.',
    payload: ToolAnswer,
    /** What holds. */
    data: Type.Object({ approved: Type.Boolean() }),
  },
  'typing:set': {
    summary: 'Say that the visitor types, or ceases to. It holds for six seconds.',
    payload: Type.Object({ typing: Type.Boolean() }, closed),
    data: Empty,
  },
  'handoff:request': {
    summary: 'Ask for a person. Asked again, nothing changes.',
    payload: Type.Object(
      {
        reason: Type.Optional(
          Type.String({ minLength: 1, maxLength: WIRE_LIMITS.handoffReason, format: 'text' }),
        ),
      },
      closed,
    ),
    data: Type.Object({ ...Handoff.properties, team: Team }),
  },
  'handoff:withdraw': {
    summary: 'Want nobody any more. A person who has come stays.',
    payload: Empty,
    data: Handoff,
  },
  ...TELLING_REQUESTS,
  'conversation:end': {
    summary: 'End the conversation that is open.',
    payload: Empty,
    data: Type.Object({ conversation: Type.Union([Conversation, Type.Null()]) }),
  },
  'conversation:start': {
    summary: 'Begin a new conversation; one that is open and has messages is ended.',
    payload: Empty,
    data: Type.Object({ conversation: Conversation }),
  },
} as const satisfies Record<string, { summary: string; payload: TSchema; data: TSchema }>

export type WidgetRequest = keyof typeof WIDGET_REQUESTS
export type WidgetPayload<R extends WidgetRequest> = Static<(typeof WIDGET_REQUESTS)[R]['payload']>
export type WidgetData<R extends WidgetRequest> = Static<(typeof WIDGET_REQUESTS)[R]['data']>

/** What Socket.IO's `connect_error` carries in `error.data` when a handshake is refused. */
export const HandshakeRefusal = Type.Object({
  code: Type.Enum(Object.keys(ERRORS) as ErrorCode[]),
  retryable: Type.Boolean(),
  retry_after_ms: Type.Optional(count()),
})
export type HandshakeRefusal = Static<typeof HandshakeRefusal>

/** What a visitor is told of a tool at work. */
export const ToolStart = Type.Object(
  {
    turn: Seq,
    call_id: Type.String(),
    name: Type.String(),
    label: Type.String({ description: 'Words for the visitor.' }),
  },
  { description: 'A tool is at work, as far as the visitor may know.' },
)
export type ToolStart = Static<typeof ToolStart>

/** What a visitor is told of a tool that has done. */
export const ToolEnd = Type.Object(
  { turn: Seq, call_id: Type.String(), ok: Type.Boolean(), duration_ms: count() },
  { description: 'The tool has done.' },
)
export type ToolEnd = Static<typeof ToolEnd>

/** First event of every connection. */
export const SessionReady = Type.Object(
  {
    session_id: Uuid,
    session_token: Type.Optional(
      Type.String({ description: 'Told once, when the session is new. Whoever holds it is the visitor.' }),
    ),
    conversation: Type.Union([Conversation, Type.Null()], { description: 'Null before the first message.' }),
    messages: Type.Array(Message, {
      description: 'After the handshake’s `last_seq`, or else the newest 50, in the order of `seq`.',
    }),
    has_more: Type.Boolean({
      description:
        'With `last_seq`: later messages remain, ask `session:sync`. Without: older ones do, ask `history:load`.',
    }),
    reply: Type.Optional(RunningReply),
    tools_running: Type.Array(ToolStart, { description: 'Tools at work in the running reply.' }),
    confirming: Confirming,
    team: Team,
    contact_given: Type.Boolean({ description: 'An e-mail address of the visitor is known already.' }),
  },
  { description: 'The first event: who the visitor is, and all that its copy lacks.' },
)
export type SessionReady = Static<typeof SessionReady>

/** A reply begins. */
export const ReplyStart = Type.Object(
  { turn: Seq, attempt: Seq, epoch: Type.Integer(), answers_to: Seq },
  {
    description:
      'The turn is at work. Told again, with the same attempt, when a further message has joined it.',
  },
)
export type ReplyStart = Static<typeof ReplyStart>

/** Positional, for size: turn, attempt, offset, text. */
export const ReplyDelta = Type.Tuple(
  [
    count('turn'),
    count('attempt'),
    count('offset: UTF-16 units of the reply’s text before this one'),
    Type.String({ description: 'text' }),
  ],
  { description: 'More of the running reply. Four arguments of the event rather than one object, for size.' },
)

/** Why a turn failed: the model's vendor, the model, or we ourselves. */
export const TurnFailure = Type.Enum([
  'unreachable',
  'overloaded',
  'rate_limited',
  'rejected',
  'timeout',
  'broken_stream',
  'empty_answer',
  'attempts_exhausted',
  'visitor_limit',
  'internal',
])
export type TurnFailure = Static<typeof TurnFailure>

/**
 * Whose limit has been reached: the visitor's own on messages, its address's, its client's on the messages of all its
 * visitors; or the visitor's on what answers may spend in a day, `answers`.
 */
export const LimitKind = Type.Enum(['messages', 'address', 'client', 'answers'])
export type LimitKind = Static<typeof LimitKind>

/** Everything the server tells a visitor. */
export const WIDGET_EVENTS = {
  'session:ready': SessionReady,
  'conversation:started': Type.Object(
    { conversation: Conversation },
    { description: 'Another conversation is current from here on; its transcript begins empty.' },
  ),
  'conversation:ended': Type.Object(
    { reason: Type.Enum(['visitor', 'agent', 'idle', 'replaced']) },
    { description: 'The conversation is over; the next message opens another.' },
  ),
  'message:created': Type.Object(
    { message: Message },
    { description: 'A message was saved. Its sender is told too.' },
  ),
  'reply:start': ReplyStart,
  'reply:delta': ReplyDelta,
  'reply:end': Type.Object(
    { turn: Seq, message: Message, failure: Type.Optional(TurnFailure) },
    { description: 'Authoritative: the message replaces whatever was streamed of this turn.' },
  ),
  'tool:start': ToolStart,
  'tool:end': ToolEnd,
  'tool:confirm': ToolConfirm,
  'tool:confirmed': ToolConfirmed,
  'typing:changed': Type.Object(
    { author: Type.Enum(['user', 'assistant', 'agent']), typing: Type.Boolean() },
    { description: 'Somebody begins or ceases to type.' },
  ),
  'handoff:changed': Handoff,
  'agent:joined': Type.Object(
    { epoch: Type.Integer(), name: Type.String(), avatar_url: Type.Optional(Type.String()) },
    { description: 'A person has taken over; nothing of lower epochs counts any more.' },
  ),
  'agent:left': Type.Object(
    { epoch: Type.Integer() },
    { description: 'The person has handed the conversation back.' },
  ),
  'limit:reached': Type.Object(
    { kind: Type.String(), retry_after_ms: Type.Optional(count()) },
    { description: 'A limit of the visitor or of the client is reached.' },
  ),
  'server:draining': Type.Object(
    { reconnect_in_ms: count() },
    { description: 'The server is going away: connect again after this long.' },
  ),
} as const satisfies Record<string, TSchema>

export type WidgetEvent = keyof typeof WIDGET_EVENTS

/** Socket.IO's typed map of what the server tells. A tuple's parts are told one by one. */
export type WidgetEvents = {
  [E in WidgetEvent]: (...told: Told<Static<(typeof WIDGET_EVENTS)[E]>>) => void
}
/** The arguments of an event. */
export type Told<Payload> = Payload extends [...infer Parts extends [unknown, unknown, ...unknown[]]]
  ? Parts
  : [payload: Payload]

/** Socket.IO's typed map of what a visitor may ask. */
export type WidgetRequestHandlers = {
  [R in WidgetRequest]: (payload: WidgetPayload<R>, ack: (answer: Result<WidgetData<R>>) => void) => void
}
