import type { Look, Side, Theme } from '../bridge.ts'
import { draw, drawIcon, dress } from './draw.ts'
import styles from './shell.css?inline'
import type { LauncherWords } from './words.ts'

const TALK = 'M20.5 11.5a8 8 0 0 1-11.7 7.1L4 20l1.4-4.6A8 8 0 1 1 20.5 11.5z'
const SHUT = 'M6 9.5l6 6 6-6'

/** Before the client's own is known. */
const DEFAULT_LOOK: Look = { color: '#1b1e26', on_color: '#ffffff', name: '', position: 'right' }

export interface ShellPorts {
  words: LauncherWords
  theme: Theme | null
  /** Not null: the tag's own wish, which a client's branding does not change. */
  position: Side | null
  onToggle: () => void
  /** Somebody is about to open the chat. */
  onNear: () => void
}

/** What the visitor sees of us on the page: the bubble with its badge, and the window that the chat goes into. */
export class Shell {
  readonly #ports: ShellPorts
  readonly #host = document.createElement('parlor-widget')
  readonly #badge = draw('span', 'badge')
  readonly #bubble = draw('button', 'bubble', drawIcon('talk', TALK), drawIcon('shut', SHUT), this.#badge)
  readonly #window = draw('div', 'window')
  readonly #body = draw('div', 'right', this.#window, this.#bubble)
  #frame: HTMLIFrameElement | null = null
  #open = false
  #unread = 0

  constructor(ports: ShellPorts) {
    this.#ports = ports
    const root = this.#host.attachShadow({ mode: 'open' })
    dress(root, styles)
    root.append(this.#body)
    this.#bubble.type = 'button'
    this.#bubble.addEventListener('click', ports.onToggle)
    this.#bubble.addEventListener('pointerenter', ports.onNear)
    this.#bubble.addEventListener('focus', ports.onNear)
    this.#body.addEventListener(
      'keydown',
      (event) => event.key === 'Escape' && this.#open && ports.onToggle(),
    )
    this.#describe()
    this.wear(DEFAULT_LOOK)
    // Beside the body, not in it: pages that swap their body keep the conversation on screen.
    document.documentElement.append(this.#host)
  }

  /** Puts the chat into the window, in place of one that was there, and hands back the frame. */
  embed(address: string): HTMLIFrameElement {
    this.#frame?.remove()
    const frame = document.createElement('iframe')
    frame.title = this.#ports.words.chat
    frame.allow = 'clipboard-write'
    frame.src = address
    this.#frame = frame
    this.#window.append(frame)
    return frame
  }

  /** The chat is there: until it says so, a frame may hold an error of the server or of the browser. */
  reveal(): void {
    this.#body.classList.add('ready')
    if (this.#open) this.#frame?.focus()
  }

  setOpen(open: boolean): void {
    this.#open = open
    this.#body.classList.toggle('open', open)
    this.#describe()
    if (open) this.#frame?.focus()
    else if (this.#host.shadowRoot?.activeElement === this.#frame) this.#bubble.focus({ preventScroll: true })
  }

  setUnread(count: number): void {
    this.#unread = count
    this.#describe()
  }

  setVisible(visible: boolean): void {
    this.#host.hidden = !visible
  }

  hideBubble(): void {
    this.#bubble.hidden = true
  }

  /** Dresses the launcher as the client's branding says, where the tag says nothing. */
  wear(look: Look): void {
    const { position, theme } = this.#ports
    const side = position ?? look.position
    const dark = theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
    this.#body.classList.toggle('left', side === 'left')
    this.#body.classList.toggle('right', side === 'right')
    this.#body.classList.toggle('dark', dark)
    this.#body.style.setProperty('--brand', look.color)
    this.#body.style.setProperty('--on-brand', look.on_color)
  }

  remove(): void {
    this.#host.remove()
  }

  #describe(): void {
    const { words } = this.#ports
    const label = this.#open ? words.close : words.open
    const shown = this.#open ? 0 : this.#unread
    this.#badge.hidden = shown === 0
    this.#badge.textContent = shown > 9 ? '9+' : String(shown)
    this.#bubble.setAttribute('aria-label', shown > 0 ? `${label}, ${words.unread(shown)}` : label)
    this.#bubble.setAttribute('aria-expanded', String(this.#open))
  }
}
