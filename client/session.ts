import type { ChatReply } from '../protocol/chat.ts'
import type { HistoryQuery } from '../protocol/rest.ts'
import { call, type Answered, type CallOptions } from './call.ts'
import { chatEvents, sessionEvents, type ChatEvent, type SessionEvent } from './events.ts'
import type { Outcome } from './failure.ts'
import type { Settings } from './send.ts'

/** Where a session is kept. The token is the visitor: keep it as one keeps a cookie. */
export interface SessionCredential {
  session_id: string
  session_token: string
}

/** What a message may bring along. */
export interface MessageOptions extends Aborting {
  /** Your name for the message: sending it again is the same message. A new one where none is given. */
  client_message_id?: string
}

export interface Aborting {
  signal?: AbortSignal
}

type Of<Path extends string> = `/api/v1/sessions/:session_id/${Path}`

/** One visitor, and all that it can ask. */
export interface Session {
  readonly credential: SessionCredential
  /** Sends a message and waits for its answer. After `answer_timeout`, the same id goes on waiting. */
  chat(message: string, options?: MessageOptions): Promise<Outcome<ChatReply>>
  /** The same as it is written. Opens the stream again when it breaks off, and goes on where it was. */
  streamChat(message: string, options?: MessageOptions): AsyncGenerator<ChatEvent, void>
  /** Everything that the visitor is told, across broken connections, until `signal` aborts. */
  events(
    from?: { conversation_id?: string; last_seq?: number },
    options?: Aborting,
  ): AsyncGenerator<SessionEvent, void>
  /** Sends a message without waiting for its answer. */
  send(text: string, options?: MessageOptions): Promise<Outcome<Answered<`POST ${Of<'messages'>}`>>>
  history(query?: HistoryQuery, options?: Aborting): Promise<Outcome<Answered<`GET ${Of<'history'>}`>>>
  /** Stops the answer that is being written. */
  stop(turn: number, options?: Aborting): Promise<Outcome<Answered<`POST ${Of<'stop'>}`>>>
  /** Says yes or no to a call that waits for it: its name is that of `tool:confirm`, or of a chat's `pending`. */
  confirm(
    callId: string,
    approved: boolean,
    options?: Aborting,
  ): Promise<Outcome<Answered<`POST ${Of<'confirm'>}`>>>
  setTyping(typing: boolean, options?: Aborting): Promise<Outcome<Answered<`POST ${Of<'typing'>}`>>>
  /** Asks for a person of the business. */
  requestHandoff(reason?: string, options?: Aborting): Promise<Outcome<Answered<`POST ${Of<'handoff'>}`>>>
  /** Waits for nobody any more. */
  withdrawHandoff(options?: Aborting): Promise<Outcome<Answered<`DELETE ${Of<'handoff'>}`>>>
  startConversation(options?: Aborting): Promise<Outcome<Answered<`POST ${Of<'start'>}`>>>
  end(options?: Aborting): Promise<Outcome<Answered<`DELETE ${Of<'end'>}`>>>
}

/** The session of who shows this credential. `clientKey` is the publishable key of its client. */
export function createSession(
  settings: Settings & { clientKey: string },
  credential: SessionCredential,
): Session {
  const { session_id, session_token: token } = credential
  const params = { session_id }
  const within = ({ signal }: Aborting = {}): CallOptions => ({ token, ...(signal && { signal }) })
  const message = (text: string, { client_message_id = crypto.randomUUID() }: MessageOptions = {}) => ({
    ...{ client_api_key: settings.clientKey, session_id, message: text, client_message_id },
  })

  return {
    credential,
    chat: (text, options) =>
      call(settings, 'POST /api/v1/chat', { body: message(text, options) }, within(options)),
    streamChat: (text, options) => chatEvents(settings, message(text, options), within(options)),
    events: (from = {}, options) => sessionEvents(settings, { session_id, query: from }, within(options)),
    send(text, { client_message_id = crypto.randomUUID(), ...options } = {}) {
      const body = { client_message_id, text }
      return call(settings, 'POST /api/v1/sessions/:session_id/messages', { params, body }, within(options))
    },
    history: (query = {}, options) =>
      call(settings, 'GET /api/v1/sessions/:session_id/history', { params, query }, within(options)),
    stop: (turn, options) =>
      call(settings, 'POST /api/v1/sessions/:session_id/stop', { params, body: { turn } }, within(options)),
    confirm(call_id, approved, options) {
      const body = { call_id, approved }
      return call(settings, 'POST /api/v1/sessions/:session_id/confirm', { params, body }, within(options))
    },
    setTyping: (typing, options) =>
      call(
        settings,
        'POST /api/v1/sessions/:session_id/typing',
        { params, body: { typing } },
        within(options),
      ),
    requestHandoff(reason, options) {
      const body = reason === undefined ? {} : { reason }
      return call(settings, 'POST /api/v1/sessions/:session_id/handoff', { params, body }, within(options))
    },
    withdrawHandoff: (options) =>
      call(settings, 'DELETE /api/v1/sessions/:session_id/handoff', { params }, within(options)),
    startConversation: (options) =>
      call(settings, 'POST /api/v1/sessions/:session_id/start', { params, body: {} }, within(options)),
    end: (options) => call(settings, 'DELETE /api/v1/sessions/:session_id/end', { params }, within(options)),
  }
}
