import Type, { type Static, type TSchema } from 'typebox'
import type { ErrorCode } from './errors.ts'
import { WIRE_LIMITS } from './limits.ts'
import {
  ClientMessageId,
  Conversation,
  Message,
  ReplyCursor,
  RunningReply,
  Seq,
  Text,
  Uuid,
  type HandoffState,
} from './records.ts'
import type { Result } from './result.ts'
import { PROTOCOL_VERSION } from './version.ts'

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
    identity_token: Type.Optional(Type.String({ maxLength: 8_192 })),
    locale: Type.Optional(Type.String({ pattern: '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$' })),
    page_url: Type.Optional(Type.String({ maxLength: 2_048 })),
    ...cursor,
  },
  closed,
)
export type WidgetHandshake = Static<typeof WidgetHandshake>

const Empty = Type.Object({}, closed)
const Page = Type.Object({ messages: Type.Array(Message), has_more: Type.Boolean() })

/** Everything a visitor can ask over its socket: the payload, and the data of a positive ack. */
export const WIDGET_REQUESTS = {
  'message:send': {
    payload: Type.Object({ client_message_id: ClientMessageId, text: Text }, closed),
    data: Type.Object({ message: Message }),
  },
  'session:sync': {
    payload: Type.Object({ ...cursor, last_seq: Seq }, closed),
    data: Type.Object({
      conversation: Type.Union([Conversation, Type.Null()]),
      messages: Type.Array(Message),
      has_more: Type.Boolean(),
      reply: Type.Optional(RunningReply),
    }),
  },
  'history:load': {
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
    payload: Type.Object({ turn: Seq }, closed),
    /** `stopped` is false when that turn had ended already. */
    data: Type.Object({ stopped: Type.Boolean() }),
  },
  'typing:set': { payload: Type.Object({ typing: Type.Boolean() }, closed), data: Empty },
  'conversation:end': {
    payload: Empty,
    data: Type.Object({ conversation: Type.Union([Conversation, Type.Null()]) }),
  },
  'conversation:start': { payload: Empty, data: Type.Object({ conversation: Conversation }) },
} as const satisfies Record<string, { payload: TSchema; data: TSchema }>

export type WidgetRequest = keyof typeof WIDGET_REQUESTS
export type WidgetPayload<R extends WidgetRequest> = Static<(typeof WIDGET_REQUESTS)[R]['payload']>
export type WidgetData<R extends WidgetRequest> = Static<(typeof WIDGET_REQUESTS)[R]['data']>

/** What Socket.IO's `connect_error` carries in `error.data` when a handshake is refused. */
export interface HandshakeRefusal {
  code: ErrorCode
  retryable: boolean
  retry_after_ms?: number
}

/** First event of every connection: who the visitor is, and all that its copy lacks. */
export interface SessionReady {
  session_id: string
  /** Told once, when the session is new. Whoever holds it is the visitor. */
  session_token?: string
  /** Null before the first message. */
  conversation: Conversation | null
  /** After the handshake's `last_seq`, or else the newest 50, in the order of `seq`. */
  messages: Message[]
  /** With `last_seq`: later messages remain, ask `session:sync`. Without: older ones do, ask `history:load`. */
  has_more: boolean
  reply?: RunningReply
  /** Tools at work in the running reply. */
  tools_running: ToolStart[]
}

export interface ReplyStart {
  turn: number
  attempt: number
  epoch: number
  answers_to: number
}

/** Why a turn failed: the model's vendor, the model, or we ourselves. */
export type TurnFailure =
  | 'unreachable'
  | 'overloaded'
  | 'rate_limited'
  | 'rejected'
  | 'timeout'
  | 'broken_stream'
  | 'empty_answer'
  | 'attempts_exhausted'
  | 'internal'

export interface ToolStart {
  turn: number
  call_id: string
  name: string
  /** Words for the visitor. */
  label: string
}

export interface ToolEnd {
  turn: number
  call_id: string
  ok: boolean
  duration_ms: number
}

/** Everything the server tells a visitor. */
export interface WidgetEvents {
  'session:ready': (ready: SessionReady) => void
  /** Another conversation is current from here on; its transcript begins empty. */
  'conversation:started': (payload: { conversation: Conversation }) => void
  'conversation:ended': (payload: { reason: 'visitor' | 'agent' | 'idle' | 'replaced' }) => void
  'message:created': (payload: { message: Message }) => void
  /** The turn is at work. Told again, with the same attempt, when a further message has joined it. */
  'reply:start': (start: ReplyStart) => void
  /** Positional, for size. `offset` counts UTF-16 units of the reply's text before `text`. */
  'reply:delta': (turn: number, attempt: number, offset: number, text: string) => void
  /** Authoritative: the message replaces whatever was streamed of this turn. */
  'reply:end': (payload: { turn: number; message: Message; failure?: TurnFailure }) => void
  'tool:start': (start: ToolStart) => void
  'tool:end': (end: ToolEnd) => void
  'typing:changed': (payload: { author: 'user' | 'assistant' | 'agent'; typing: boolean }) => void
  'handoff:changed': (payload: { state: HandoffState; position?: number }) => void
  'agent:joined': (payload: { epoch: number; name: string; avatar_url?: string }) => void
  'agent:left': (payload: { epoch: number }) => void
  'limit:reached': (payload: { kind: string; retry_after_ms?: number }) => void
  /** Connect again after this long; the server is going away. */
  'server:draining': (payload: { reconnect_in_ms: number }) => void
}

/** Socket.IO's typed map of what a visitor may ask. */
export type WidgetRequestHandlers = {
  [R in WidgetRequest]: (payload: WidgetPayload<R>, ack: (answer: Result<WidgetData<R>>) => void) => void
}
