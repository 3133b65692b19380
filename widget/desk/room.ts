import type { Peer } from '../bridge.ts'

/** Where the chat is shown: a window on somebody's page, or a tab of its own. */
export interface Room {
  /** The frame that is there now; the same object for as long as it is. */
  readonly peer: Peer
  /** Puts a fresh frame in place of the one that is there. */
  renew(): void
  /** The frame has greeted: it is ours. */
  came(): void
  /** The chat can be shown: until then, a frame may hold an error of the server or of the browser. */
  reveal(): void
  /** The chat was opened or closed. */
  turned(): void
  redress(): void
  /** Listens, once however often it is asked. */
  listen(): void
}
