import type { ChatBody, ChatReply } from '../protocol/chat.ts'
import type { OperationName } from '../protocol/operations/index.ts'
import type { StartSessionBody, WidgetConfig } from '../protocol/rest.ts'
import { call, type Answered, type CallOptions } from './call.ts'
import { chatEvents, type ChatEvent } from './events.ts'
import type { Outcome } from './failure.ts'
import type { Asked, Settings } from './send.ts'
import { createSession, type Aborting, type Session, type SessionCredential } from './session.ts'

export type { ChatEvent, SessionEvent } from './events.ts'
export type { Failure, Outcome } from './failure.ts'
export type { Aborting, MessageOptions, Session, SessionCredential } from './session.ts'

/** What speaks for a visitor, with the client's publishable key. */
export interface Visitors {
  /** Begins a session: a new visitor. */
  startSession(wish?: Omit<StartSessionBody, 'client_api_key'>, options?: Aborting): Promise<Outcome<Session>>
  /** A session that was begun before. Nothing is asked. */
  session(credential: SessionCredential): Session
  /** What the widget looks like. */
  config(options?: Aborting): Promise<Outcome<WidgetConfig>>
  /** Any operation of the API. */
  call: Call
}

/** What speaks for a client's own server, with a secret key. */
export interface Server {
  /** Sends a message for a visitor and waits for its answer. Without `session_id` a session is begun. */
  chat(body: ServerMessage, options?: Aborting): Promise<Outcome<ChatReply>>
  /** The same as it is written, across broken connections. Give a `session_id` to be sure of one answer. */
  streamChat(body: ServerMessage, options?: Aborting): AsyncGenerator<ChatEvent, void>
  /** Any operation of the API. */
  call: Call
}

export type ServerMessage = Omit<ChatBody, 'client_api_key'>

/** `token` is told in `Authorization`. */
export type Call = <K extends OperationName>(
  operation: K,
  asked: Asked<K>,
  options?: CallOptions,
) => Promise<Outcome<Answered<K>>>

/** For browsers and for Node: nothing is asked before a method is called. */
export function forVisitors(settings: Settings & { clientKey: string }): Visitors {
  const { clientKey: client_api_key } = settings
  const session = (credential: SessionCredential) => createSession(settings, credential)
  return {
    session,
    async startSession(wish = {}, options) {
      const body = { ...wish, client_api_key }
      const started = await call(settings, 'POST /api/v1/sessions/start', { body }, options)
      return started.ok ? { ok: true, data: session(started.data) } : started
    },
    config: (options) => call(settings, 'GET /api/v1/config', { query: { client_api_key } }, options),
    call: (operation, asked, options) => call(settings, operation, asked, options),
  }
}

/** For servers alone: a secret key is for no page. */
export function forServer(settings: Settings & { secretKey: string }): Server {
  const token = settings.secretKey
  return {
    chat: (body, options) => call(settings, 'POST /api/v1/chat', { body }, { ...options, token }),
    streamChat(body, options) {
      const named = { client_message_id: crypto.randomUUID(), ...body }
      return chatEvents(settings, named, { ...options, token })
    },
    call: (operation, asked, options) => call(settings, operation, asked, { token, ...options }),
  }
}
