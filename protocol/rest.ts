import Type, { type Static } from 'typebox'
import { WIRE_LIMITS } from './limits.ts'
import { Message } from './records.ts'

const closed = { additionalProperties: false }

export const StartSessionBody = Type.Object(
  {
    client_api_key: Type.String({ minLength: 1, maxLength: 100 }),
    user_id: Type.Optional(Type.String({ minLength: 1, maxLength: 200, format: 'text' })),
    identity_token: Type.Optional(Type.String({ maxLength: 8_192 })),
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

export interface SessionStarted {
  session_id: string
  session_token: string
}

/** What a client looks like; public, cacheable. */
export interface WidgetConfig {
  client: { name: string }
  branding: Branding
  locale: string | null
  features: { sources: boolean; stop: boolean }
}

/** How a client's widget is dressed. Every field has a default, so a client may give any part of it. */
export interface Branding {
  /** Colour of the launcher and of the visitor's bubbles: `#rrggbb`. */
  color: string
  /** What the agent is called in the window's header. */
  agent_name: string
  /** First words, shown before the first message; never stored as a message. */
  greeting: string
  /** Questions offered as buttons before the first message. */
  suggestions: string[]
  position: 'right' | 'left'
  theme: 'auto' | 'light' | 'dark'
  logo_url?: string
  privacy_url?: string
}

/** RFC 9457, with our code and request id beside the standard members. */
export interface Problem {
  type: string
  title: string
  status: number
  code: string
  message: string
  request_id: string
  /** Seconds, as in the header of this name. */
  retry_after?: number
}
