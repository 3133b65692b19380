import http from 'node:http'
import type { Static } from 'typebox'
import type { CHAT_EVENTS, STREAM_EVENTS } from '../../protocol/chat.ts'
import { Inbox } from './inbox.ts'

type Events = typeof CHAT_EVENTS & typeof STREAM_EVENTS

/** One event of a stream, as it came. */
export type ReadEvent = {
  [E in keyof Events]: { event: E; id: string | undefined; data: Static<Events[E]> }
}[keyof Events]

/** How a stream is asked for. */
export interface EventRequest {
  method?: 'GET' | 'POST'
  headers?: Record<string, string>
  body?: object
}

/** Milliseconds: a thousand streams that open at once take their time. */
const PATIENCE = 30_000

/** Somebody who reads a stream of events. */
export class EventReader {
  readonly heard = new Inbox<ReadEvent>('event of the stream', PATIENCE)
  /** The status and headers, once they are there; of a refusal also its body, as soon as it is read. */
  readonly answered: Promise<http.IncomingMessage>
  /** True: the stream ended as it should; false: it was cut. */
  readonly ended: Promise<boolean>
  readonly beats = new Inbox<string>('sign of life')
  readonly #request: http.ClientRequest
  /** Of what has come since the last whole event. */
  #parts: string[] = []

  constructor(url: string, { method = 'GET', headers = {}, body }: EventRequest) {
    this.#request = http.request(url, { method, headers: { accept: 'text/event-stream', ...headers } })
    this.answered = new Promise((resolve, reject) => {
      this.#request.once('response', resolve)
      this.#request.once('error', reject)
    })
    this.ended = this.answered.then(
      (response) => this.#read(response),
      () => false,
    )
    this.#request.end(body === undefined ? undefined : JSON.stringify(body))
  }

  /** The id that is sent as Last-Event-ID when the reader comes again. */
  get lastId(): string {
    return this.heard.all.findLast(({ id }) => id !== undefined)?.id ?? ''
  }

  /** The data of the next event of this name. */
  async next<E extends keyof Events>(event: E): Promise<Static<Events[E]>> {
    const { data } = await this.heard.take((one) => one.event === event)
    return data as Static<Events[E]>
  }

  /** What was read of a refusal. */
  async refusal(): Promise<{ status: number | undefined; body: Record<string, unknown> }> {
    const response = await this.answered
    await this.ended
    return { status: response.statusCode, body: JSON.parse(this.#parts.join('')) as Record<string, unknown> }
  }

  /** The text of a turn from the deltas, after what was `known` of it; throws on a hole. */
  streamed(turn: number, known = ''): string {
    let text = known
    for (const one of this.heard.all) {
      if (one.event === 'session:ready' && one.data.reply?.turn === turn) {
        text = text.slice(0, one.data.reply.offset) + one.data.reply.text
      }
      if (one.event === 'reply:start' && one.data.turn === turn) text = ''
      if (one.event !== 'reply:delta' || one.data.turn !== turn) continue
      if (one.data.offset !== text.length) {
        throw new Error(`delta at ${one.data.offset}, but ${text.length} units were told`)
      }
      text += one.data.text
    }
    return text
  }

  /** Stops reading, without saying so. */
  async pause(): Promise<void> {
    ;(await this.answered).pause()
  }

  async resume(): Promise<void> {
    ;(await this.answered).resume()
  }

  close(): void {
    this.#request.destroy()
  }

  #read(response: http.IncomingMessage): Promise<boolean> {
    response.setEncoding('utf8')
    response.on('data', (text: string) => this.#take(text))
    response.on('error', () => undefined)
    return new Promise((resolve) => response.once('close', () => resolve(response.complete)))
  }

  /** One event may be megabytes: its parts are joined when its end is there. */
  #take(text: string): void {
    const last = this.#parts.at(-1) ?? ''
    this.#parts.push(text)
    if (!`${last.slice(-1)}${text}`.includes('\n\n')) return
    const events = this.#parts.join('').split('\n\n')
    this.#parts = [events.pop() ?? '']
    for (const event of events) {
      if (event.startsWith(':')) this.beats.put(event)
      else this.heard.put(readEvent(event))
    }
  }
}

function readEvent(text: string): ReadEvent {
  const fields = new Map(
    text.split('\n').map((line): [string, string] => {
      const colon = line.indexOf(': ')
      return [line.slice(0, colon), line.slice(colon + 2)]
    }),
  )
  const data = JSON.parse(fields.get('data') ?? '') as unknown
  return { event: fields.get('event'), id: fields.get('id'), data } as ReadEvent
}
