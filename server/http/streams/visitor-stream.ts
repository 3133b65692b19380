import type { SessionReady, WidgetEvents } from '../../../protocol/widget.ts'
import type { TranscriptCursor } from '../../conversation/conversations.ts'
import type { Address } from '../../conversation/publisher.ts'
import { VisitorListener } from '../../conversation/visitor-listener.ts'
import { pieceOf } from './piece-of.ts'
import type { EventStream } from './event-stream.ts'
import { ToldSoFar } from './told-so-far.ts'

/** All that a visitor is told, for where sockets are blocked: the same events as on a socket, in the same order. */
export class VisitorStream extends VisitorListener {
  readonly #stream: EventStream
  readonly #cursor: TranscriptCursor
  readonly #told = new ToldSoFar()

  constructor(stream: EventStream, cursor: TranscriptCursor) {
    super()
    this.#stream = stream
    this.#cursor = cursor
  }

  protected ready(state: SessionReady): void {
    this.#told.begin(this.#cursor, state)
    this.#stream.send('session:ready', state, this.#told.id)
  }

  protected emit<E extends keyof WidgetEvents>(
    to: Address,
    event: E,
    ...args: Parameters<WidgetEvents[E]>
  ): void {
    this.#told.hear(to, event, args)
    if (this.#told.lost) this.cut()
    else if (event === 'reply:delta')
      this.#stream.sendPiece(pieceOf(args as Parameters<WidgetEvents['reply:delta']>), this.#told.id)
    else this.#stream.send(event, args[0] as object, this.#told.id)
  }

  protected cut(): void {
    this.#stream.cut()
  }
}
