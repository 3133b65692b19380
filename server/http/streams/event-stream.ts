/** Events for one reader, as `text/event-stream` has them: https://html.spec.whatwg.org/multipage/server-sent-events.html */
export class EventStream {
  readonly body: ReadableStream<Uint8Array>
  /** Resolves when it is over, however it ended. */
  readonly closed: Promise<void>
  readonly #hangUp: () => void
  #controller: ReadableStreamDefaultController<Uint8Array> | null = null
  #close: () => void = () => undefined

  /** `hangUp` cuts the connection of a reader that leaves more than `unreadBytes` unread. */
  constructor({ unreadBytes, hangUp }: { unreadBytes: number; hangUp: () => void }) {
    this.#hangUp = hangUp
    this.closed = new Promise((resolve) => (this.#close = resolve))
    this.body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => void (this.#controller = controller),
        cancel: () => this.#forget(),
      },
      new ByteLengthQueuingStrategy({ highWaterMark: unreadBytes }),
    )
  }

  /** Does nothing once it is over. Of an event without an id, readers keep the last one. */
  send(event: string, data: object, id?: string): void {
    const named = id === undefined ? '' : `id: ${id}\n`
    this.#write(`event: ${event}\n${named}data: ${JSON.stringify(data)}\n\n`)
  }

  /** A comment, which readers pass over: the connection lives. */
  beat(): void {
    this.#write(':\n\n')
  }

  /** Ends it after what was sent. */
  end(): void {
    this.#controller?.close()
    this.#forget()
  }

  /** Cuts the connection; what is unread is lost to this reader. */
  cut(): void {
    if (this.#controller === null) return
    this.end()
    this.#hangUp()
  }

  #write(text: string): void {
    if (this.#controller === null) return
    // What was left unread before counts: one event alone, such as a long transcript, may be larger.
    if ((this.#controller.desiredSize ?? 0) <= 0) this.cut()
    else this.#controller.enqueue(Buffer.from(text))
  }

  #forget(): void {
    this.#controller = null
    this.#close()
  }
}
