import type { IncomingHttpHeaders } from 'node:http'
import { EventData } from './event-data.ts'
import { errorIn, isAsking, readMessages, replyTo, type Message, type Reply } from './message.ts'

/** Finds the reply to one request in what a server answers: JSON, or events, of which it may be any. */
export class AnswerReader {
  readonly #id: string | undefined
  readonly #onAsked: (asked: Message) => void
  readonly #events = new EventData()
  #reply: Reply | null = null

  /** `id`: the request's; a notification has none. `onAsked` hears what the server wants of us meanwhile. */
  constructor(id: string | undefined, onAsked: (asked: Message) => void) {
    this.#id = id
    this.#onAsked = onAsked
  }

  /** Takes a piece as it comes; true: the reply is there, however long the stream would go on. */
  readonly take = (piece: Buffer, { headers }: { headers: IncomingHttpHeaders }): boolean => {
    if (!isStream(headers)) return false
    if (this.#id === undefined) return true
    for (const data of this.#events.push(piece)) {
      for (const message of readMessages(data)) {
        this.#reply ??= replyTo(this.#id, message)
        if (this.#reply) return true
        if (isAsking(message)) this.#onAsked(message)
      }
    }
    return false
  }

  /** What was replied, once all has come; null: nothing that can be read. */
  end(status: number, headers: IncomingHttpHeaders, body: Buffer): Reply | null {
    if (this.#reply) return this.#reply
    if (this.#id === undefined) return status < 300 ? { result: {} } : null
    if (isStream(headers)) return null
    const id = this.#id
    const messages = readMessages(body.toString('utf8'))
    const replies = messages.flatMap((message) => replyTo(id, message) ?? [])
    // Who refuses a request as a whole need not have read its id.
    const refusals = status >= 400 ? messages.flatMap((message) => errorIn(message) ?? []) : []
    return replies[0] ?? refusals[0] ?? null
  }
}

function isStream({ 'content-type': type = '' }: IncomingHttpHeaders): boolean {
  return /^\s*text\/event-stream\b/i.test(type)
}
