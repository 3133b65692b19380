import http from 'node:http'
import { refuse, succeed, type Result } from '../../protocol/result.ts'
import type { ErrorCode } from '../../protocol/errors.ts'
import type { WidgetData, WidgetPayload } from '../../protocol/widget.ts'
import type { Heard } from './history.ts'
import { askOnce } from './http.ts'
import { Tab, type Asked } from './tab.ts'

const ANSWER_WITHIN = 5_000

/** A stream says by itself what is missing, when it begins: it is not asked. */
const PATHS: Readonly<Record<Asked, string | null>> = {
  'message:send': 'messages',
  'reply:stop': 'stop',
  'session:sync': null,
}

/** A tab where sockets are blocked: it hears by a stream of events and asks by REST. */
export class StreamTab extends Tab {
  #request: http.ClientRequest | null = null
  #response: http.IncomingMessage | null = null
  #lastId = ''

  async ask<R extends Asked>(
    request: R,
    payload: WidgetPayload<R>,
    seen?: (answer: Result<WidgetData<R>>) => void,
  ): Promise<Result<WidgetData<R>> | null> {
    const path = PATHS[request]
    if (path === null) {
      this.renew('it lacks something')
      return null
    }
    const asked = { method: 'POST', headers: this.#headers(), body: payload, within: ANSWER_WITHIN } as const
    const answered = await askOnce(`${this.#place}/${path}`, asked)
    if (answered === null) return null
    const { code } = (answered.body ?? {}) as { code?: ErrorCode }
    const isDone = answered.status < 300
    if (!isDone && code === undefined) return null
    const answer = isDone ? succeed(answered.body as WidgetData<R>) : refuse(code ?? 'internal')
    seen?.(answer)
    return answer
  }

  stopReading(ms: number): void {
    const response = this.#response
    response?.pause()
    this.after(ms, () => response?.resume())
  }

  protected open(hear: (heard: Heard) => void, lost: (why: string) => void): void {
    const headers = {
      accept: 'text/event-stream',
      ...this.#headers(),
      ...(this.#lastId && { 'last-event-id': this.#lastId }),
    }
    const request = http.request(`${this.#place}/events`, { agent: false, headers })
    this.#request = request
    request.on('error', (error) => {
      lost(error.message)
    })
    request.on('response', (response) => {
      this.#response = response
      if (response.statusCode !== 200) {
        this.note(refusalOf(this.parts.name, response.statusCode ?? 0))
        lost(`status ${response.statusCode}`)
        return
      }
      let unread = ''
      response.setEncoding('utf8')
      response.on('data', (text: string) => {
        const events = (unread + text).split('\n\n')
        unread = events.pop() ?? ''
        for (const event of events) if (!event.startsWith(':')) this.#read(event, hear)
      })
      response.on('error', () => undefined)
      response.on('close', () => {
        lost('the stream ended')
      })
    })
    request.end()
  }

  protected hangUp(): void {
    this.#request?.destroy()
    this.#request = null
  }

  #read(text: string, hear: (heard: Heard) => void): void {
    const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(text)?.[1]
    const event = field('event') as Heard['event']
    const data = JSON.parse(field('data') ?? 'null') as Record<string, unknown>
    this.#lastId = field('id') ?? this.#lastId
    const args =
      event === 'reply:delta' ? [data['turn'], data['attempt'], data['offset'], data['text']] : [data]
    hear({ event, args } as Heard)
  }

  get #place(): string {
    return `${this.parts.url}/api/v1/sessions/${this.parts.session()?.session_id ?? ''}`
  }

  #headers(): Record<string, string> {
    return { authorization: `Bearer ${this.parts.session()?.session_token ?? ''}` }
  }
}

/** Only 4xx says that the visitor is at fault. */
function refusalOf(tab: string, status: number) {
  return { op: 'not let in', tab, code: String(status), retryable: status >= 500 } as const
}
