import type { SessionReady, WidgetEvents } from '../../protocol/widget.ts'
import type { Address } from '../../server/conversation/publisher.ts'
import { MergedPieces } from '../../server/conversation/merged-pieces.ts'
import { VisitorListener } from '../../server/conversation/visitor-listener.ts'
import { headOf, sendEncoded } from '../engine/send-encoded.ts'
import { unreadBytes } from '../engine/unread-bytes.ts'
import type { WidgetSocket } from './socket-types.ts'

/** One tab of a visitor, on its socket. Where it reads too slowly, pieces of replies are put together. */
export class VisitorConnection extends VisitorListener {
  readonly #socket: WidgetSocket
  readonly #pieces: MergedPieces<null>

  constructor(socket: WidgetSocket) {
    super()
    this.#socket = socket
    const head = headOf(socket, 'reply:delta')
    this.#pieces = new MergedPieces({
      unread: () => unreadBytes(socket),
      send: ({ turn, attempt, offset, text }) => {
        sendEncoded(socket, `${head}${turn},${attempt},${offset},${JSON.stringify(text)}]`)
      },
    })
  }

  protected ready(state: SessionReady): void {
    this.#socket.emit('session:ready', state)
  }

  protected emit<E extends keyof WidgetEvents>(
    _to: Address,
    event: E,
    ...args: Parameters<WidgetEvents[E]>
  ): void {
    if (event === 'reply:delta') {
      const [turn, attempt, offset, text] = args as Parameters<WidgetEvents['reply:delta']>
      this.#pieces.tell({ turn, attempt, offset, text }, null)
      return
    }
    this.#pieces.flush()
    this.#socket.emit(event, ...args)
  }

  protected cut(): void {
    this.#socket.conn.close()
  }
}
