import type { SessionReady, WidgetEvents } from '../../protocol/widget.ts'
import type { Address } from '../../server/conversation/publisher.ts'
import { VisitorListener } from '../../server/conversation/visitor-listener.ts'
import type { WidgetSocket } from './socket-types.ts'

/** One tab of a visitor, on its socket. */
export class VisitorConnection extends VisitorListener {
  readonly #socket: WidgetSocket

  constructor(socket: WidgetSocket) {
    super()
    this.#socket = socket
  }

  protected ready(state: SessionReady): void {
    this.#socket.emit('session:ready', state)
  }

  protected emit<E extends keyof WidgetEvents>(
    _to: Address,
    event: E,
    ...args: Parameters<WidgetEvents[E]>
  ): void {
    this.#socket.emit(event, ...args)
  }

  protected cut(): void {
    this.#socket.conn.close()
  }
}
