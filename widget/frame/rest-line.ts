import type { StreamedDelta } from '../../protocol/chat.ts'
import type { WireError } from '../../protocol/errors.ts'
import type { Problem } from '../../protocol/rest.ts'
import type { Result } from '../../protocol/result.ts'
import type {
  HandshakeRefusal,
  SessionReady,
  WidgetData,
  WidgetHandshake,
  WidgetPayload,
  WidgetRequest,
} from '../../protocol/widget.ts'
import type { Session } from '../bridge.ts'
import { ACK_WAIT, UNAVAILABLE, type Line, type LinePorts, type WidgetEvent } from './line.ts'
import { Silence } from './silence.ts'

/** Milliseconds without a byte: the server gives a sign of life every 10 s, and polls are not rarer. */
const LONGEST_SILENCE = 25_000
/** Milliseconds from a message's ack until the stream must tell it, too. Later means that somebody holds it back. */
const LONGEST_LAG = 4_000
/** Milliseconds between two polls: at first, and after many that brought nothing. */
const FIRST_PAUSE = 1_000
const LONGEST_PAUSE = 10_000

/** The browser's `fetch`, for paths of our own origin. */
export type Ask = (path: string, init: RequestInit) => Promise<Response>

/** How each request is asked, beneath `/api/v1/sessions/:session_id/`. */
const ROUTES: Record<WidgetRequest, string> = {
  'message:send': 'POST messages',
  'session:sync': 'GET sync',
  'session:identify': 'POST identify',
  'history:load': 'GET history',
  'reply:stop': 'POST stop',
  'tool:answer': 'POST confirm',
  'typing:set': 'POST typing',
  'handoff:request': 'POST handoff',
  'handoff:withdraw': 'DELETE handoff',
  'contact:submit': 'POST contact',
  'rating:submit': 'POST rating',
  'attributes:set': 'POST attributes',
  'conversation:end': 'DELETE end',
  'conversation:start': 'POST start',
}

type Cursor = Pick<WidgetHandshake, 'conversation_id' | 'last_seq' | 'reply'>

/**
 * A line for networks that block WebSockets: requests over REST, and what is told as server-sent events; or, where
 * those are held back, by asking again and again. What was asked is answered also after the line is over.
 */
export class RestLine implements Line {
  readonly #ask: Ask
  readonly #ports: LinePorts
  readonly #over = new AbortController()
  readonly #silence = new Silence(LONGEST_SILENCE, () => this.close())
  #session: Session | undefined
  /** The last message that the stream told. */
  #toldSeq: number
  #pause = FIRST_PAUSE
  #endPause: () => void = () => undefined

  constructor(ask: Ask, ports: LinePorts, isPolling: boolean) {
    this.#ask = ask
    this.#ports = ports
    this.#toldSeq = isPolling ? Infinity : 0
    this.#run(isPolling).then(
      (refusal) => this.#end(refusal),
      () => this.close(),
    )
  }

  get heardAt(): number {
    return this.#silence.heardAt
  }

  async request<R extends WidgetRequest>(name: R, payload: WidgetPayload<R>): Promise<Result<WidgetData<R>>> {
    const answer = await this.#call<WidgetData<R>>(ROUTES[name], payload)
    this.#pause = FIRST_PAUSE
    if (answer.ok) this.#endPause()
    if (answer.ok && 'message' in answer.data && answer.data.message.seq > this.#toldSeq)
      this.#silence.heard(LONGEST_LAG)
    return answer
  }

  close(): void {
    this.#end(null)
  }

  async #run(isPolling: boolean): Promise<HandshakeRefusal | null> {
    const handshake = await this.#ports.auth()
    this.#over.signal.throwIfAborted()
    const entered = await this.#enter(handshake)
    if (!entered.ok) return refusalOf(entered)
    return isPolling ? this.#poll(handshake) : this.#listen(handshake)
  }

  /** Begins the session where there is none, and proves who the visitor is where that can be proved. */
  async #enter(handshake: WidgetHandshake): Promise<Result<unknown>> {
    const { client_key: client_api_key, session_id, session_token, identity_token, locale } = handshake
    if (session_id && session_token) {
      this.#session = { session_id, session_token }
      return identity_token
        ? this.#call(ROUTES['session:identify'], { identity_token })
        : { ok: true, data: 0 }
    }
    const started = await this.#call<Session>('POST start', { client_api_key, identity_token, locale })
    if (started.ok) this.#ports.onSession((this.#session = started.data))
    return started
  }

  async #listen(cursor: Cursor): Promise<HandshakeRefusal | null> {
    const response = await this.#open('GET events', cursor, this.#over.signal)
    if (!response.ok || !response.body) return refusalOf(await read(response))
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return null
      this.#silence.heard()
      const blocks = (text + value).split('\n\n')
      text = blocks.pop() ?? ''
      for (const block of blocks) {
        const refusal = this.#hear(block)
        if (refusal) return refusal
      }
    }
  }

  /** One event as our server writes it; other blocks are comments, which only say that it lives. */
  #hear(block: string): HandshakeRefusal | null {
    const [, name, seq, json] = /^event: (.*)\n(?:id: (\d+).*\n)?data: (.*)/.exec(block) ?? []
    if (json === undefined) return null
    const data = JSON.parse(json) as unknown
    if (name === 'problem') return failureOf(data as Problem)
    if (seq) this.#toldSeq = Number(seq)
    const { turn, attempt, offset, text } = data as StreamedDelta
    const args = name === 'reply:delta' ? [turn, attempt, offset, text] : [data]
    this.#ports.onEvent({ name, args } as WidgetEvent)
    return null
  }

  async #poll(cursor: Cursor): Promise<HandshakeRefusal | null> {
    for (;;) {
      const answer = await this.#call<SessionReady>('GET sync', cursor)
      if (!answer.ok) return refusalOf(answer)
      this.#silence.heard()
      this.#ports.onEvent({ name: 'session:ready', args: [answer.data] })
      const isNews = answer.data.messages.length > 0 || answer.data.reply
      this.#pause = isNews ? FIRST_PAUSE : Math.min(this.#pause * 1.5, LONGEST_PAUSE)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, this.#pause)
        this.#endPause = () => {
          clearTimeout(timer)
          resolve()
        }
      })
      this.#over.signal.throwIfAborted()
      cursor = await this.#ports.auth()
    }
  }

  /** One request and its answer. Something between us and the server may have answered instead: that is no answer. */
  async #call<T>(route: string, payload: object): Promise<Result<T>> {
    try {
      return await read<T>(await this.#open(route, payload, AbortSignal.timeout(ACK_WAIT)))
    } catch {
      return UNAVAILABLE
    }
  }

  /** A cursor is told as the id of the last event; what else a GET takes, in the address. */
  #open(route: string, payload: Cursor, signal: AbortSignal): Promise<Response> {
    const [method = '', name = ''] = route.split(' ')
    const session = this.#session
    const path = `/api/v1/sessions/${session ? session.session_id + '/' : ''}${name}`
    const headers = {
      ...(session && { authorization: `Bearer ${session.session_token}` }),
      ...(payload.conversation_id && { 'last-event-id': lastEventId(payload) }),
    }
    const init = { method, headers, signal, cache: 'no-store' } as const
    if (method !== 'GET') return this.#ask(path, { ...init, body: JSON.stringify(payload) })
    const query = new URLSearchParams(payload as Record<string, string>)
    return this.#ask(name === 'history' ? `${path}?${query}` : path, init)
  }

  #end(refusal: HandshakeRefusal | null): void {
    if (this.#over.signal.aborted) return
    this.#over.abort()
    this.#silence.end()
    this.#endPause()
    this.#ports.onClosed(refusal)
  }
}

/** As the server's own event ids say it. */
function lastEventId({ conversation_id, last_seq, reply }: Cursor): string {
  return [last_seq, reply?.turn ?? 0, reply?.attempt ?? 0, reply?.offset ?? 0, conversation_id].join('.')
}

/** Rejects when it was no answer of ours. */
async function read<T>(response: Response): Promise<Result<T>> {
  const answer = (await response.json()) as unknown
  if (response.ok) return { ok: true, data: answer as T }
  const error = failureOf(answer as Problem)
  return (error.code as unknown) ? { ok: false, error } : UNAVAILABLE
}

/** By the status: the table that says which codes are worth another attempt would weigh more than the rest of this. */
function failureOf({ code, message, status, retry_after }: Problem): WireError {
  const retryable = status === 429 || status >= 500
  return { code, message, retryable, ...(retry_after && { retry_after_ms: retry_after * 1_000 }) }
}

function refusalOf(answer: Result<unknown>): HandshakeRefusal | null {
  return answer.ok || answer === UNAVAILABLE ? null : answer.error
}
