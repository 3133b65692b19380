import type { ToolStart, WidgetEvents } from '../protocol/widget.ts'
import type {
  Address,
  Listener,
  Listeners,
  Publisher,
  SharedEvent,
  ToolEvent,
  ToolTold,
  Watcher,
} from '../server/conversation/publisher.ts'
import type { EventName } from './crossing/frames.ts'
import type { Crossing } from './crossing/crossing.ts'
import { RunningTools } from './running-tools.ts'

/** What is heard: an event, or that something else of the conversation has changed. */
export type Overheard = EventName | 'conversation:changed'

/** Hears of every event but pieces of replies, once, on the node where it happens. */
export type Overhear = (to: Address, event: Overheard) => void

/**
 * Who listens to which visitor's events on this node. Delivery does not go through Socket.IO's rooms: an emit
 * through an adapter costs several times a plain one, and here it happens once per token.
 */
export class FanOut implements Publisher, Listeners {
  readonly #visitors = new Map<string, Listener[]>()
  readonly #watchers = new Map<string, Watcher[]>()
  readonly #tools = new RunningTools()
  #crossing: Crossing | null = null
  #overhear: Overhear | null = null

  /** There are other nodes: what is published here is told there too, where somebody listens. */
  crossTo(crossing: Crossing): void {
    this.#crossing = crossing
  }

  /** Tells of all that is published here, beside those whom it concerns. */
  overhear(overhear: Overhear): void {
    this.#overhear = overhear
  }

  join(sessionId: string, listener: Listener): void {
    if (!this.#isHeard(sessionId)) this.#crossing?.attach(sessionId)
    add(this.#visitors, sessionId, listener)
  }

  leave(sessionId: string, listener: Listener): boolean {
    const wasLast = remove(this.#visitors, sessionId, listener)
    this.#detach(sessionId)
    return wasLast
  }

  /** A person of the business hears the session from here on. */
  watch(sessionId: string, watcher: Watcher): void {
    if (!this.#isHeard(sessionId)) this.#crossing?.attach(sessionId)
    add(this.#watchers, sessionId, watcher)
  }

  unwatch(sessionId: string, watcher: Watcher): void {
    remove(this.#watchers, sessionId, watcher)
    this.#detach(sessionId)
  }

  /** The tools at work in a conversation's running reply, as far as is known here. */
  toolsRunning(conversationId: string): ToolTold['tool:start'][] {
    return this.#tools.of(conversationId)
  }

  toolsSeen(conversationId: string): ToolStart[] {
    return this.toolsRunning(conversationId).map(({ seen }) => seen)
  }

  publish<E extends SharedEvent>(to: Address, event: E, ...args: Parameters<WidgetEvents[E]>): void {
    this.deliver(to, event, ...args)
    this.#crossing?.carry(to, event, args)
    if (event !== 'reply:delta') this.#overhear?.(to, event)
  }

  publishTool<E extends ToolEvent>(to: Address, event: E, told: ToolTold[E]): void {
    this.deliverTool(to, event, told)
    this.#crossing?.carryTool(to, { event, told } as Parameters<Crossing['carryTool']>[1])
    if (event === 'message:created') this.#overhear?.(to, event)
  }

  publishToInbox(to: Address): void {
    this.#overhear?.(to, 'conversation:changed')
  }

  publishVisitorTyping(sessionId: string, typing: boolean): void {
    this.deliverVisitorTyping(sessionId, typing)
    this.#crossing?.carryTyping(sessionId, typing)
  }

  /** Tells those who listen on this node, wherever it has happened. */
  deliver<E extends SharedEvent>(to: Address, event: E, ...args: Parameters<WidgetEvents[E]>): void {
    if (event === 'reply:start' || event === 'reply:end') this.#tools.clear(to.conversation_id)
    const listeners = this.#visitors.get(to.session_id)
    if (listeners) for (const listener of listeners) listener.tell(to, event, ...args)
    if (this.#watchers.size === 0) return
    const watchers = this.#watchers.get(to.session_id)
    if (watchers) for (const watcher of watchers) watcher.tell(to, event, ...args)
  }

  /** The same of a tool. A visitor gets what it may see. */
  deliverTool<E extends ToolEvent>(to: Address, event: E, told: ToolTold[E]): void {
    this.#tools.note(to, event, told)
    const seen = [told.seen] as Parameters<WidgetEvents[E]>
    for (const listener of this.#visitors.get(to.session_id) ?? []) listener.tell(to, event, ...seen)
    for (const watcher of this.#watchers.get(to.session_id) ?? []) watcher.tellTool(to, event, told)
  }

  deliverVisitorTyping(sessionId: string, typing: boolean): void {
    for (const watcher of this.#watchers.get(sessionId) ?? []) watcher.tellVisitorTyping(typing)
  }

  #isHeard(sessionId: string): boolean {
    return this.#visitors.has(sessionId) || this.#watchers.has(sessionId)
  }

  #detach(sessionId: string): void {
    if (!this.#isHeard(sessionId)) this.#crossing?.detach(sessionId)
  }
}

/** Lists are replaced, never changed: one that is being told may leave. */
function add<T>(lists: Map<string, T[]>, sessionId: string, one: T): void {
  lists.set(sessionId, [...(lists.get(sessionId) ?? []), one])
}

/** True when nobody is left. */
function remove<T>(lists: Map<string, T[]>, sessionId: string, one: T): boolean {
  const rest = (lists.get(sessionId) ?? []).filter((other) => other !== one)
  if (rest.length > 0) lists.set(sessionId, rest)
  else lists.delete(sessionId)
  return rest.length === 0
}
