import type { WatchedMessage } from '../../protocol/admin.ts'
import type { Message } from '../../protocol/records.ts'
import type { ToolEnd, ToolStart, WidgetEvents } from '../../protocol/widget.ts'

/** Whom an event concerns. */
export interface Address {
  client_id: string
  session_id: string
  conversation_id: string
}

/** The events that tell of a tool: `message:created` of what it brought after its call had been answered. */
export type ToolEvent = 'tool:start' | 'tool:end' | 'message:created'

/** Everything that a visitor is told in the same words as who watches. */
export type SharedEvent = Exclude<keyof WidgetEvents, 'tool:start' | 'tool:end'>

/**
 * What is told of a tool. The visitor gets `seen` and nothing else; the rest is for who watches. They lie apart, so that
 * the whole is not the visitor's event by any accident.
 */
export interface ToolTold {
  'tool:start': { seen: ToolStart; arguments: unknown }
  'tool:end': { seen: ToolEnd; result: unknown }
  'message:created': { seen: { message: Message }; message: WatchedMessage }
}

/**
 * How the domain speaks. Implemented by `sockets/fanout`; the domain never imports sockets. Delivery is to whoever
 * listens now: nothing is kept, the truth is in Postgres.
 */
export interface Publisher {
  publish<E extends SharedEvent>(to: Address, event: E, ...args: Parameters<WidgetEvents[E]>): void
  /** Tells who watches all of it, and the visitor what it may see. */
  publishTool<E extends ToolEvent>(to: Address, event: E, told: ToolTold[E]): void
  /** Tells who watches the inbox that the conversation is not as it was; whoever listens to it hears nothing. */
  publishToInbox(to: Address): void
  /** Tells who watches that the visitor of a session types, or ceases to. A hint: it may get lost. */
  publishVisitorTyping(sessionId: string, typing: boolean): void
}

/** Who is told what concerns one visitor: a tab, a stream, a request that waits for its answer. It never throws. */
export interface Listener {
  tell<E extends keyof WidgetEvents>(to: Address, event: E, ...args: Parameters<WidgetEvents[E]>): void
}

/** A person of the business who watches a visitor. It never throws. */
export interface Watcher {
  tell<E extends SharedEvent>(to: Address, event: E, ...args: Parameters<WidgetEvents[E]>): void
  tellTool<E extends ToolEvent>(to: Address, event: E, told: ToolTold[E]): void
  tellVisitorTyping(typing: boolean): void
}

/** Who listens on this node, by session. */
export interface Listeners {
  join(sessionId: string, listener: Listener): void
  /** True when it was the session's last listener here. */
  leave(sessionId: string, listener: Listener): boolean
  /** The tools at work in a conversation's running reply, as its visitor may know them and as far as is known here. */
  toolsSeen(conversationId: string): ToolStart[]
}
