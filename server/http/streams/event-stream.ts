import { MERGE_LIMITS, MergedPieces, type Piece } from '../../conversation/merged-pieces.ts'

/** Events for one reader, as `text/event-stream` has them: https://html.spec.whatwg.org/multipage/server-sent-events.html */
export class EventStream {
  readonly body: ReadableStream<Uint8Array>
  /** Resolves when it is over, however it ended. */
  readonly closed: Promise<void>
  readonly #hangUp: () => void
  readonly #unreadBytes: number
  readonly #pieces: MergedPieces<string>
  #controller: ReadableStreamDefaultController<Uint8Array> | null = null
  #close: () => void = () => undefined

  /** `hangUp` cuts the connection of a reader that leaves more than `unreadBytes` unread. */
  constructor({ unreadBytes, hangUp }: { unreadBytes: number; hangUp: () => void }) {
    this.#hangUp = hangUp
    this.#unreadBytes = unreadBytes
    this.#pieces = new MergedPieces(
      { unread: () => this.#unread, send: (piece, id) => this.#tell('reply:delta', piece, id) },
      Math.min(MERGE_LIMITS.above, unreadBytes / 4),
    )
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
    this.#pieces.flush()
    this.#tell(event, data, id)
  }

  /** Sends a piece of a reply, put together with others where the reader is behind. */
  sendPiece(piece: Piece, id: string): void {
    this.#pieces.tell(piece, id)
  }

  /** A comment, which readers pass over: the connection lives. */
  beat(): void {
    this.#write(':\n\n')
  }

  /** Ends it after what was sent. */
  end(): void {
    this.#pieces.flush()
    this.#finish()
  }

  /** Cuts the connection; what is unread is lost to this reader. */
  cut(): void {
    if (this.#controller === null) return
    this.#finish()
    this.#hangUp()
  }

  /** Bytes. */
  get #unread(): number {
    return this.#controller ? this.#unreadBytes - (this.#controller.desiredSize ?? 0) : 0
  }

  #tell(event: string, data: object, id?: string): void {
    const named = id === undefined ? '' : `id: ${id}\n`
    this.#write(`event: ${event}\n${named}data: ${JSON.stringify(data)}\n\n`)
  }

  #write(text: string): void {
    if (this.#controller === null) return
    // What was left unread before counts: one event alone, such as a long transcript, may be larger.
    if (this.#unread >= this.#unreadBytes) this.cut()
    else this.#controller.enqueue(Buffer.from(text))
  }

  #finish(): void {
    this.#controller?.close()
    this.#forget()
  }

  #forget(): void {
    this.#controller = null
    this.#close()
  }
}
