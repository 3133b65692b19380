import type { Look } from './bridge.ts'
import type { Emitter } from './loader/emitter.ts'
import type { Settings } from './loader/settings.ts'
import type { ParlorIdentity as IdentitySource } from './public.ts'

export type { ParlorIdentity as IdentitySource } from './public.ts'

/** What the loader, which comes first, lends to the desk, which comes when the chat is wanted. */
export interface Front {
  /** `locale`, `theme` and `identity` change with the page's wishes. */
  readonly settings: Settings
  readonly isOpen: boolean
  /** What a reader of the screen calls the chat. */
  readonly title: string
  /** Languages wanted, the first one most. */
  languages(): string[]
  close(): void
  /** Puts the window beside the bubble: in an element whose classes are `open`, `left` or `right`, `dark`, `ready`. */
  furnish(window: HTMLElement, css: string): void
  /** Whether the chat has greeted: until then, a frame may hold an error of the server or of the browser. */
  setReady(ready: boolean): void
  badge(unread: number, asking: boolean): void
  wear(look: Look): void
  emit: Emitter['emit']
}

/** What the file of the desk exports. A loader that is older or newer by one version calls it too. */
export interface DeskModule {
  openDesk(front: Front): Desk
}

/** What the loader asks of the desk. */
export interface Desk {
  /** The chat was opened or closed. */
  turned(): void
  /** Languages or theme are others now. */
  redress(): void
  /** The page has erased listeners, and perhaps reloaded the frame. */
  listen(): void
  identify(source: IdentitySource): void
  setAttributes(changes: unknown): void
  sendMessage(text: string): void
  prefill(text: string): void
  /** Begins anew with nobody known. `everywhere`: what is kept goes too, for all tabs of the site. */
  reset(everywhere: boolean): void
  destroy(): void
}
