import Type, { type Static } from 'typebox'
import { ERRORS, type ErrorCode } from './errors.ts'
import { IdentityToken } from './identity.ts'
import { WIRE_LIMITS } from './limits.ts'
import { Conversation, Message, Timestamp, Uuid } from './records.ts'

const closed = { additionalProperties: false }

export const StartSessionBody = Type.Object(
  {
    client_api_key: Type.String({ minLength: 1, maxLength: 100 }),
    user_id: Type.Optional(Type.String({ minLength: 1, maxLength: 200, format: 'text' })),
    identity_token: Type.Optional(IdentityToken),
    locale: Type.Optional(Type.String({ pattern: '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$' })),
  },
  closed,
)
export type StartSessionBody = Static<typeof StartSessionBody>

/** `before_seq` pages backwards from there, `after_seq` forwards; neither means the newest. */
export const HistoryQuery = Type.Object(
  {
    before_seq: Type.Optional(Type.Integer({ minimum: 0, maximum: 2_147_483_647 })),
    after_seq: Type.Optional(Type.Integer({ minimum: 0, maximum: 2_147_483_647 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: WIRE_LIMITS.historyPage })),
  },
  closed,
)
export type HistoryQuery = Static<typeof HistoryQuery>

export const HistoryPage = Type.Object({ messages: Type.Array(Message), has_more: Type.Boolean() })
export type HistoryPage = Static<typeof HistoryPage>

export const SessionStarted = Type.Object({
  session_id: Uuid,
  /** Told once. Whoever holds it is the visitor; it lapses 30 days after its last use. */
  session_token: Type.String(),
})
export type SessionStarted = Static<typeof SessionStarted>

export const ConversationEnded = Type.Object({
  /** The conversation that ended; null when none was open. */
  conversation: Type.Union([Conversation, Type.Null()]),
})
export type ConversationEnded = Static<typeof ConversationEnded>

export const ConfigQuery = Type.Object({ client_api_key: Type.String({ maxLength: 100 }) }, closed)
export type ConfigQuery = Static<typeof ConfigQuery>

/** How a client's widget is dressed. Every field has a default, so a client may give any part of it. */
export const Branding = Type.Object({
  /** Colour of the launcher and of the visitor's bubbles: `#rrggbb`. */
  color: Type.String({ pattern: '^#[0-9a-fA-F]{6}$' }),
  /** What the agent is called in the window's header. */
  agent_name: Type.String(),
  /** First words, shown before the first message; never stored as a message. */
  greeting: Type.String(),
  /** Questions offered as buttons before the first message. */
  suggestions: Type.Array(Type.String()),
  position: Type.Enum(['right', 'left']),
  theme: Type.Enum(['auto', 'light', 'dark']),
  logo_url: Type.Optional(Type.String()),
  /** The face of the assistant; without it, the logo. */
  agent_avatar: Type.Optional(Type.String()),
  privacy_url: Type.Optional(Type.String()),
})
export type Branding = Static<typeof Branding>

/** What a client's widget offers. */
export const Features = Type.Object({
  /** Documents that an answer stands on are shown. */
  sources: Type.Boolean(),
  /** A running answer can be stopped. */
  stop: Type.Boolean(),
  /** A person can be asked for. */
  handoff: Type.Boolean(),
  /** The visitor is asked how good it was. */
  rating: Type.Boolean(),
  /** The visitor can leave an e-mail address. */
  contact: Type.Boolean(),
  /** The visitor can download the transcript. */
  transcript: Type.Boolean(),
})
export type Features = Static<typeof Features>

/** What a client looks like; public, cacheable. */
export const WidgetConfig = Type.Object({
  client: Type.Object({ name: Type.String() }),
  branding: Branding,
  locale: Type.Union([Type.String(), Type.Null()]),
  features: Features,
})
export type WidgetConfig = Static<typeof WidgetConfig>

/** The process lives. */
export const Health = Type.Object({
  status: Type.Literal('ok'),
  /** The live socket engine. */
  engine: Type.Enum(['uws', 'node']),
  /** Why it is not uWebSockets.js, where that was wanted. */
  engine_fallback: Type.Optional(Type.String()),
  /** Which of the processes on this port has answered, where there are several. */
  worker: Type.Optional(Type.Integer({ minimum: 1 })),
  version: Type.String(),
})
export type Health = Static<typeof Health>

/** Visitors may be sent here. */
export const Readiness = Type.Object({
  status: Type.Literal('ready'),
  /** Of a node that shares a Redis with others. Without it, it goes on serving its own visitors. */
  redis: Type.Optional(Type.Enum(['here', 'away'])),
  redis_away_since: Type.Optional(Timestamp),
})
export type Readiness = Static<typeof Readiness>

/** What a problem carries that is found out after a session was begun. */
const AGAIN = { description: 'Of `POST /api/v1/chat`: what it takes to ask again.' }

/** RFC 9457, with our code and request id beside the standard members. */
export const Problem = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  code: Type.Enum(Object.keys(ERRORS) as ErrorCode[]),
  message: Type.String(),
  request_id: Type.String(),
  retry_after: Type.Optional(Type.Integer({ description: 'Seconds, as in the header of this name.' })),
  session_id: Type.Optional(Type.String(AGAIN)),
  session_token: Type.Optional(Type.String(AGAIN)),
  client_message_id: Type.Optional(Type.String(AGAIN)),
})
export type Problem = Static<typeof Problem>
