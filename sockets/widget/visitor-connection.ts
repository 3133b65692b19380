import type { SessionReady, WidgetEvents } from '../../protocol/widget.ts'
import type { Listener } from '../fanout.ts'
import type { WidgetSocket } from './socket-types.ts'

/** Events that may wait for `session:ready`. More means that reading took far too long: the tab connects again. */
const WAITING_EVENTS = 256

/**
 * One tab of a visitor. What happens between its registration and `session:ready` waits, so that nothing falls
 * between what was read from Postgres and what is told live.
 */
export class VisitorConnection implements Listener {
  readonly #socket: WidgetSocket
  #waiting: (() => void)[] | null = []

  constructor(socket: WidgetSocket) {
    this.#socket = socket
  }

  tell<E extends keyof WidgetEvents>(event: E, ...args: Parameters<WidgetEvents[E]>): void {
    if (this.#waiting === null) {
      this.#socket.emit(event, ...args)
      return
    }
    // The running reply is copied into session:ready in the tick in which it leaves: its beginning and every delta
    // before it are in it. Told after it, the beginning would say that nothing has been said yet.
    if (event === 'reply:delta' || event === 'reply:start') return
    if (this.#waiting.length >= WAITING_EVENTS) this.#socket.conn.close()
    else this.#waiting.push(() => this.#socket.emit(event, ...args))
  }

  /** Tells the visitor where it stands, then everything that has happened meanwhile. */
  ready(state: SessionReady): void {
    this.#socket.emit('session:ready', state)
    const waiting = this.#waiting ?? []
    this.#waiting = null
    for (const emit of waiting) emit()
  }
}
