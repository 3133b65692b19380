import type { WidgetEvents } from '../protocol/widget.ts'
import type { Crossing } from './crossing/crossing.ts'
import type { Address, Listener, Listeners, Publisher } from '../server/conversation/publisher.ts'

/**
 * Who listens to which visitor's events on this node. Delivery does not go through Socket.IO's rooms: an emit
 * through an adapter costs several times a plain one, and here it happens once per token.
 */
export class FanOut implements Publisher, Listeners {
  readonly #visitors = new Map<string, Listener[]>()
  #crossing: Crossing | null = null

  /** There are other nodes: what is published here is told there too, where somebody listens. */
  crossTo(crossing: Crossing): void {
    this.#crossing = crossing
  }

  join(sessionId: string, listener: Listener): void {
    const listeners = this.#visitors.get(sessionId)
    if (listeners) listeners.push(listener)
    else {
      this.#visitors.set(sessionId, [listener])
      this.#crossing?.attach(sessionId)
    }
  }

  leave(sessionId: string, listener: Listener): boolean {
    const rest = (this.#visitors.get(sessionId) ?? []).filter((other) => other !== listener)
    if (rest.length > 0) this.#visitors.set(sessionId, rest)
    else if (this.#visitors.delete(sessionId)) this.#crossing?.detach(sessionId)
    return rest.length === 0
  }

  publish<E extends keyof WidgetEvents>(to: Address, event: E, ...args: Parameters<WidgetEvents[E]>): void {
    this.deliver(to, event, ...args)
    this.#crossing?.carry(to, event, args)
  }

  /** Tells those who listen on this node, wherever it has happened. */
  deliver<E extends keyof WidgetEvents>(to: Address, event: E, ...args: Parameters<WidgetEvents[E]>): void {
    const listeners = this.#visitors.get(to.session_id)
    if (!listeners) return
    for (const listener of listeners) listener.tell(to, event, ...args)
  }
}
