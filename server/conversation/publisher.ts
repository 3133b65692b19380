import type { WidgetEvents } from '../../protocol/widget.ts'

/** Whom an event concerns. */
export interface Address {
  client_id: string
  session_id: string
  conversation_id: string
}

/**
 * How the domain speaks. Implemented by `sockets/fanout`; the domain never imports sockets. Delivery is to whoever
 * listens now: nothing is kept, the truth is in Postgres.
 */
export interface Publisher {
  publish<E extends keyof WidgetEvents>(to: Address, event: E, ...args: Parameters<WidgetEvents[E]>): void
}

/** Who is told what concerns one visitor: a tab, a stream, a request that waits for its answer. It never throws. */
export interface Listener {
  tell<E extends keyof WidgetEvents>(to: Address, event: E, ...args: Parameters<WidgetEvents[E]>): void
}

/** Who listens on this node, by session. */
export interface Listeners {
  join(sessionId: string, listener: Listener): void
  /** True when it was the session's last listener here. */
  leave(sessionId: string, listener: Listener): boolean
}
