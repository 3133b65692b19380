import type { Look, Side, Theme } from '../bridge.ts'
import { draw, drawIcon, dress } from '../draw.ts'
import styles from './launcher.css?inline'
import type { LauncherWords } from './words.ts'

const TALK = 'M20.5 11.5a8 8 0 0 1-11.7 7.1L4 20l1.4-4.6A8 8 0 1 1 20.5 11.5z'
const SHUT = 'M6 9.5l6 6 6-6'

/** Before the client's own is known. */
const DEFAULT_LOOK: Look = { color: '#1b1e26', on_color: '#ffffff', name: '', position: 'right' }

/** Swaps of the page that are followed: one that takes us out each time we come back is let have its way. */
const SWAPS = 50

export interface LauncherPorts {
  /** Not null: the tag's own wish, which a client's branding does not change. */
  position: Side | null
  onToggle: () => void
  /** Somebody is about to open the chat. */
  onNear: () => void
  /** It stands in the page, for the first time or again. */
  onAttached: () => void
}

/** What the page shows of us before the chat is opened: the bubble with its badge. The chat's window comes beside it. */
export class Launcher {
  readonly #ports: LauncherPorts
  readonly #host = document.createElement('parlor-widget')
  readonly #root = this.#host.attachShadow({ mode: 'open' })
  readonly #body = draw('div', 'right')
  readonly #badge = draw('span', 'badge')
  readonly #bubble = draw('button', 'bubble', drawIcon('talk', TALK), drawIcon('shut', SHUT), this.#badge)
  /** Says what the badge shows, when it changes. */
  readonly #news = draw('span', 'news')
  readonly #watch = new MutationObserver(() => this.#attach())
  #words: LauncherWords
  #look = DEFAULT_LOOK
  #theme: Theme | null = null
  #open = false
  #unread = 0
  #asking = false
  #swaps = 0
  #opener: Element | null = null

  constructor(ports: LauncherPorts, words: LauncherWords, theme: Theme | null) {
    this.#ports = ports
    this.#words = words
    dress(this.#root, styles)
    this.#root.append(this.#body)
    this.#news.role = 'status'
    this.#body.append(this.#bubble, this.#news)
    this.#bubble.type = 'button'
    this.#bubble.addEventListener('click', ports.onToggle)
    this.#bubble.addEventListener('pointerenter', ports.onNear)
    this.#bubble.addEventListener('focus', ports.onNear)
    this.#body.addEventListener(
      'keydown',
      (event) => event.key === 'Escape' && this.#open && ports.onToggle(),
    )
    this.redress(words, theme)
    this.#attach()
  }

  setOpen(open: boolean): void {
    this.#open = open
    if (open) this.#opener = document.activeElement
    this.#body.classList.toggle('open', open)
    this.#describe()
    // The keyboard was in the window that goes.
    if (open || !this.#root.activeElement) return
    const back = this.#bubble.hidden ? this.#opener : this.#bubble
    if (back instanceof HTMLElement) back.focus({ preventScroll: true })
  }

  furnish(window: HTMLElement, css: string): void {
    dress(this.#root, css)
    this.#body.prepend(window)
  }

  setReady(ready: boolean): void {
    this.#body.classList.toggle('ready', ready)
  }

  badge(unread: number, asking: boolean): void {
    this.#unread = unread
    this.#asking = asking
    this.#describe()
  }

  setVisible(visible: boolean): void {
    this.#host.hidden = !visible
  }

  hideBubble(): void {
    this.#bubble.hidden = true
  }

  /** Says and shows everything in these words and this theme from now on. */
  redress(words: LauncherWords, theme: Theme | null): void {
    this.#words = words
    this.#theme = theme
    this.#describe()
    this.wear(this.#look)
  }

  /** Dresses the launcher as the client's branding says, where the tag says nothing. */
  wear(look: Look): void {
    this.#look = look
    const { style, classList } = this.#body
    const left = (this.#ports.position ?? look.position) === 'left'
    const dark =
      this.#theme === 'dark' ||
      (this.#theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
    classList.toggle('left', left)
    classList.toggle('right', !left)
    classList.toggle('dark', dark)
    style.setProperty('--brand', look.color)
    style.setProperty('--on-brand', look.on_color)
  }

  remove(): void {
    this.#watch.disconnect()
    this.#host.remove()
  }

  /**
   * Beside the body, not in it: pages that swap their body keep the conversation on screen. Those that swap more, down
   * to the whole document, get it back.
   */
  #attach(): void {
    const root = document.documentElement as HTMLElement | null
    if (root === null || this.#host.parentNode === root || this.#swaps > SWAPS) return
    this.#swaps += 1
    root.append(this.#host)
    for (const node of [document, root]) this.#watch.observe(node, { childList: true })
    this.#ports.onAttached()
  }

  #describe(): void {
    const words = this.#words
    const unread = this.#open ? 0 : this.#unread
    const asking = this.#asking && !this.#open
    this.#badge.hidden = unread === 0 && !asking
    this.#badge.textContent = asking ? '?' : unread > 9 ? '9+' : String(unread)
    const news = [...(asking ? [words.asks] : []), ...(unread > 0 ? [words.unread(unread)] : [])]
    this.#news.textContent = news.join(', ')
    this.#bubble.setAttribute('aria-label', [this.#open ? words.close : words.open, ...news].join(', '))
    this.#bubble.setAttribute('aria-expanded', String(this.#open))
  }
}
