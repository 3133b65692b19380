import type { Static, TSchema } from 'typebox'
import type { CHAT_EVENTS, STREAM_EVENTS } from '../protocol/chat.ts'
import { follow, type BrokenOff } from './follow.ts'
import { send, type Settings } from './send.ts'

/** An event of a stream by its name. `id` names the place after it. */
type EventOf<Events extends Record<string, TSchema>> = {
  [E in keyof Events]: { event: E; id: string | undefined; data: Static<Events[E]> }
}[keyof Events]

/** What a streamed answer tells. The last is `reply:end`, `chat:unanswered` or `problem`. */
export type ChatEvent = EventOf<Omit<typeof CHAT_EVENTS, 'problem' | 'server:draining'>> | BrokenOff

/** What a visitor is told. `problem` is the last, when the stream cannot go on. */
export type SessionEvent = EventOf<Omit<typeof STREAM_EVENTS, 'problem' | 'server:draining'>> | BrokenOff

export interface StreamOptions {
  signal?: AbortSignal | undefined
  token?: string | undefined
}

/** One answer as it is written; `body` names session and message, so that the stream can be opened again. */
export function chatEvents(
  settings: Settings,
  body: { message: string; client_message_id: string; session_id?: string; client_api_key?: string },
  { signal, token }: StreamOptions,
): AsyncGenerator<ChatEvent, void> {
  const open = (lastId: string | undefined, within: AbortSignal) =>
    send(settings, 'POST /api/v1/chat', { body }, { token, signal: within, headers: streaming(lastId) })
  return follow(open, { ends: ['reply:end', 'chat:unanswered'], signal }) as AsyncGenerator<ChatEvent, void>
}

/** Everything that the visitor of a session is told, after `lastSeq` of the conversation named. */
export function sessionEvents(
  settings: Settings,
  asked: { session_id: string; query: { conversation_id?: string; last_seq?: number } },
  { signal, token }: StreamOptions,
): AsyncGenerator<SessionEvent, void> {
  const { session_id, query } = asked
  const open = (lastId: string | undefined, within: AbortSignal) =>
    send(
      settings,
      'GET /api/v1/sessions/:session_id/events',
      { params: { session_id }, query },
      { token, signal: within, headers: streaming(lastId) },
    )
  return follow(open, { signal }) as AsyncGenerator<SessionEvent, void>
}

function streaming(lastId: string | undefined): Record<string, string> {
  return { accept: 'text/event-stream', ...(lastId !== undefined && { 'last-event-id': lastId }) }
}
