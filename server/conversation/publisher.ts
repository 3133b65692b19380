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
