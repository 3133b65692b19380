import type { ChatReply } from '../../protocol/chat.ts'
import type { HistoryPage, SessionStarted } from '../../protocol/rest.ts'
import { EventReader } from './event-reader.ts'

export interface Answered<T> {
  status: number
  headers: Headers
  body: T
}

/** What a message came to, or the code of the problem. */
export type Chatted = ChatReply & { code?: string }

type Credential = Pick<SessionStarted, 'session_id'> & { session_token?: string | undefined }

/** A visitor who has no socket, as a test drives it. */
export class RestVisitor {
  readonly #url: string
  readonly #headers: Record<string, string>
  #session: Credential | null
  readonly #readers: EventReader[] = []

  constructor(url: string, session: Credential | null = null, headers: Record<string, string> = {}) {
    this.#url = url
    this.#session = session
    this.#headers = headers
  }

  get session(): Credential {
    if (this.#session === null) throw new Error('there is no session yet')
    return this.#session
  }

  /** Begins a session. */
  async start(): Promise<SessionStarted> {
    const body = { client_api_key: 'pk_demo' }
    const { body: started } = await this.ask<SessionStarted>('POST', '/api/v1/sessions/start', body)
    this.#session = started
    return started
  }

  /** Sends a message and waits for what it comes to; takes over the session that was begun for it. */
  async chat(
    message: string,
    client_message_id?: string,
    headers: Record<string, string> = {},
  ): Promise<Answered<Chatted>> {
    const answered = await this.ask<Chatted>(
      'POST',
      '/api/v1/chat',
      this.#chatBody(message, client_message_id),
      headers,
    )
    this.#session ??= answered.body.session_id ? answered.body : null
    return answered
  }

  /** The same as it is written. */
  streamChat(message: string, client_message_id?: string, headers: Record<string, string> = {}): EventReader {
    return this.#reader('/api/v1/chat', {
      method: 'POST',
      headers,
      body: this.#chatBody(message, client_message_id),
    })
  }

  /** Everything that the visitor is told. */
  listen(query = '', headers: Record<string, string> = {}): EventReader {
    return this.#reader(`${this.#path('events')}${query}`, { headers })
  }

  history(): Promise<Answered<HistoryPage>> {
    return this.ask('GET', this.#path('history'))
  }

  /** One of the requests of a socket: `messages`, `stop`, `typing` or `start`. */
  post<T>(what: string, body: object): Promise<Answered<T>> {
    return this.ask('POST', this.#path(what), body)
  }

  end(): Promise<Answered<unknown>> {
    return this.ask('DELETE', this.#path('end'))
  }

  async ask<T>(
    method: string,
    path: string,
    body?: object,
    headers: Record<string, string> = {},
  ): Promise<Answered<T>> {
    const response = await fetch(this.#url + path, {
      method,
      headers: { ...this.#all(), ...headers },
      ...(body && { body: JSON.stringify(body) }),
    })
    return { status: response.status, headers: response.headers, body: (await response.json()) as T }
  }

  /** Goes away in the middle of whatever is read. */
  close(): void {
    for (const reader of this.#readers) reader.close()
  }

  #reader(
    path: string,
    request: { method?: 'POST'; headers: Record<string, string>; body?: object },
  ): EventReader {
    const headers = { ...this.#all(), ...request.headers }
    const reader = new EventReader(this.#url + path, { ...request, headers })
    this.#readers.push(reader)
    return reader
  }

  #all(): Record<string, string> {
    const token = this.#session?.session_token
    return { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...this.#headers }
  }

  #path(what: string): string {
    return `/api/v1/sessions/${this.session.session_id}/${what}`
  }

  #chatBody(message: string, client_message_id?: string): object {
    return {
      client_api_key: 'pk_demo',
      message,
      ...(this.#session && { session_id: this.#session.session_id }),
      ...(client_message_id === undefined ? {} : { client_message_id }),
    }
  }
}
