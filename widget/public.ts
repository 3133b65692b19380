/** `window.Parlor` once the widget's script has run. */
export interface ParlorApi extends ParlorQueue {
  open(): void
  close(): void
  toggle(): void
  /** Everything of the widget, the bubble too. */
  show(): void
  hide(): void
  isOpen(): boolean
  /** Sends a message as if the visitor had typed it, also before the chat has loaded. */
  sendMessage(text: string): void
  /** Puts a text into the composer, for the visitor to send. */
  prefill(text: string): void
  /** Proves who the visitor is. A function is asked again whenever a token is needed anew. */
  identify(identity: ParlorIdentity): void
  /** Forgets the visitor, in all tabs of the site: for logging out. */
  reset(): void
  /** Another language from now on, as `he` or `pt-BR`; without one, as the page says. */
  setLocale(locale?: string | null): void
  /** Another theme from now on; without one, as the client's branding says. */
  setTheme(theme?: 'auto' | 'light' | 'dark' | null): void
  /** Tells facts that nobody has proved; merged with those told before. */
  setAttributes(attributes: ParlorAttributes): void
  /** Listens, and returns what ends it. */
  on<E extends ParlorEvent>(name: E, listener: ParlorListener<E>): () => void
  /** Listens to the next one only. */
  once<E extends ParlorEvent>(name: E, listener: ParlorListener<E>): () => void
  off<E extends ParlorEvent>(name: E, listener: ParlorListener<E>): void
  /** Takes the widget off the page; what is kept for the visitor stays, and the script can be loaded again. */
  destroy(): void
}

/** A JWT that the client's server has signed, or what fetches one. */
export type ParlorIdentity = string | (() => string | Promise<string>)

/** Plain values by name; null takes one away. */
export interface ParlorAttributes {
  visitor?: Record<string, string | number | boolean | null>
  conversation?: Record<string, string | number | boolean | null>
}

/** What works before and after the script has run: an array can stand in for it until then. */
export interface ParlorQueue {
  /** Calls a method by its name, as `push(['open'])`; before the widget is there, once it is. */
  push<E extends ParlorEvent>(call: readonly ['on' | 'once' | 'off', E, ParlorListener<E>]): unknown
  push(...calls: ParlorCall[]): unknown
}

/** The name of a method and its arguments. */
export type ParlorCall = {
  [Name in ParlorMethod]: readonly [method: Name, ...args: Parameters<ParlorApi[Name]>]
}[ParlorMethod]
export type ParlorMethod = Exclude<keyof ParlorApi, 'push'>

export type ParlorListener<E extends ParlorEvent> = (detail: ParlorEvents[E]) => void
export type ParlorEvent = keyof ParlorEvents

/** What the widget tells the page's own code, by name: the detail of each event. */
export interface ParlorEvents {
  ready: Record<string, never>
  opened: Record<string, never>
  closed: Record<string, never>
  'message:sent': { text: string }
  'message:received': { role: 'assistant' | 'agent'; text: string }
  'unread:changed': { count: number }
  'agent:joined': { name: string }
  'agent:left': Record<string, never>
  'handoff:requested': Record<string, never>
  'rating:submitted': { score: number }
  'connection:changed': { state: ParlorConnection }
  /** `code` is one of those in docs/protocol.md. */
  error: { code: string; message: string }
}

/** `refused`: this page or this key may not chat; nothing is tried again. */
export type ParlorConnection = 'idle' | 'connecting' | 'online' | 'reconnecting' | 'refused'

/** The same events as the window has them. */
export type ParlorWindowEvents = {
  [E in ParlorEvent as `parlor:${E}`]: CustomEvent<ParlorEvents[E]>
}

declare global {
  interface Window {
    /** Absent or a queue until the script has run: `Parlor?.open?.()`. */
    Parlor?: ParlorQueue & Partial<ParlorApi>
  }
  interface WindowEventMap extends ParlorWindowEvents {}
}
