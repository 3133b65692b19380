import type { Look } from '../bridge.ts'
import { forgetVisitor, placeOf, RESET } from '../forget.ts'
import type { Desk, Front, IdentitySource } from '../front.ts'
import { Emitter } from './emitter.ts'
import { fetchDesk } from './fetch-desk.ts'
import { Launcher } from './launcher.ts'
import { hasSession, keepLook, keptLook } from './look.ts'
import { themeOf, type Settings } from './settings.ts'
import { launcherWords, type LauncherWords } from './words.ts'

/** Calls of the page that wait for the desk, at most. */
const WAITING = 50

/** The widget on one page: the launcher at once, and the front of the desk, which comes with the chat. */
export class Widget implements Front {
  readonly events = new Emitter()
  readonly settings: Settings
  readonly #launcher: Launcher
  readonly #ending = new AbortController()
  #words: LauncherWords
  #desk: Desk | null = null
  #fetching = false
  #fails = 0
  #open = false
  #calls: ((desk: Desk) => void)[] = []

  constructor(settings: Settings) {
    const { position, theme, clientKey } = settings
    this.settings = settings
    this.#words = launcherWords(this.languages())
    const ports = {
      position,
      onToggle: () => this.toggle(),
      onNear: () => this.#load(),
      onAttached: () => this.#listen(),
    }
    this.#launcher = new Launcher(ports, this.#words, theme)
    const look = settings.look ?? keptLook(clientKey)
    if (look) this.#launcher.wear(look)
    if (settings.hideLauncher) this.#launcher.hideBubble()
    if (hasSession(clientKey)) whenIdle(() => this.#load(), this.#ending.signal)
  }

  get isOpen(): boolean {
    return this.#open
  }

  get title(): string {
    return this.#words.chat
  }

  open(): void {
    this.#setOpen(true)
    this.#load()
  }

  close(): void {
    this.#setOpen(false)
  }

  toggle(): void {
    if (this.#open) this.close()
    else this.open()
  }

  show(): void {
    this.#launcher.setVisible(true)
  }

  hide(): void {
    this.close()
    this.#launcher.setVisible(false)
  }

  identify(source: IdentitySource): void {
    if (typeof source === 'function' || (typeof source === 'string' && source !== '')) {
      this.settings.identity = source
      this.#desk?.identify(source)
    } else
      this.emit('error', { code: 'identity_invalid', message: 'identify() takes a token or a function.' })
  }

  /** Forgets who the visitor is, here and in the site's other tabs, at once: the page may be left next. */
  reset(): void {
    this.settings.identity = null
    this.#calls = []
    if (this.#desk) this.#desk.reset(true)
    else {
      try {
        forgetVisitor(localStorage, placeOf(this.settings.clientKey))
      } catch {
        // Where storage is denied, nothing was kept.
      }
    }
  }

  setLocale(locale?: unknown): void {
    this.settings.locale = typeof locale === 'string' ? locale : null
    this.#words = launcherWords(this.languages())
    this.#redress()
  }

  setTheme(theme?: unknown): void {
    this.settings.theme = themeOf(theme)
    this.#redress()
  }

  setAttributes(changes: unknown): void {
    this.#ask((desk) => desk.setAttributes(changes))
  }

  /** Sends a message as if the visitor had typed it. */
  sendMessage(text: unknown): void {
    this.#ask((desk) => desk.sendMessage(String(text)))
    this.#load()
  }

  prefill(text: unknown): void {
    this.#ask((desk) => desk.prefill(String(text)))
  }

  /** Takes everything of ours off the page; what is kept for the visitor stays. */
  destroy(): void {
    this.#ending.abort()
    this.#desk?.destroy()
    this.#launcher.remove()
  }

  languages(): string[] {
    const wanted = [this.settings.locale, document.documentElement.lang, ...navigator.languages]
    return wanted.filter((tag): tag is string => Boolean(tag))
  }

  furnish(window: HTMLElement, css: string): void {
    this.#launcher.furnish(window, css)
  }

  setReady(ready: boolean): void {
    this.#launcher.setReady(ready)
  }

  badge(unread: number, asking: boolean): void {
    this.#launcher.badge(unread, asking)
  }

  wear(look: Look): void {
    keepLook(this.settings.clientKey, look)
    this.#launcher.wear(look)
  }

  emit: Front['emit'] = (name, detail) => this.events.emit(name, detail)

  #redress(): void {
    this.#launcher.redress(this.#words, this.settings.theme)
    this.#desk?.redress()
  }

  #setOpen(open: boolean): void {
    if (open === this.#open || this.#ending.signal.aborted) return
    this.#open = open
    this.#launcher.setOpen(open)
    this.#desk?.turned()
    this.emit(open ? 'opened' : 'closed', {})
  }

  #load(): void {
    if (this.#desk || this.#fetching || this.#ending.signal.aborted) return
    this.#fetching = true
    void fetchDesk(this.settings.origin, this.#fails).then((file) => {
      this.#fetching = false
      if (this.#ending.signal.aborted) return
      if (file) this.#staff(file.openDesk(this))
      else this.#failed()
    })
  }

  #staff(desk: Desk): void {
    this.#desk = desk
    for (const call of this.#calls.splice(0)) call(desk)
  }

  #failed(): void {
    this.#fails += 1
    this.close()
    this.emit('error', { code: 'unavailable', message: 'The chat could not be loaded.' })
  }

  #ask(call: (desk: Desk) => void): void {
    if (this.#desk) call(this.#desk)
    else if (this.#calls.length < WAITING) this.#calls.push(call)
  }

  /** Listens, once however often it is asked: a page that writes itself anew takes all listeners off. */
  #listen(): void {
    addEventListener('storage', this.#watchTabs, { signal: this.#ending.signal })
    this.#desk?.listen()
  }

  /** Another tab of the site has said `reset()`. */
  readonly #watchTabs = ({ key, newValue }: StorageEvent): void => {
    if (key !== placeOf(this.settings.clientKey) + RESET || newValue === null) return
    this.settings.identity = null
    this.#desk?.reset(false)
  }
}

/** Once the page has nothing better to do. */
function whenIdle(act: () => void, signal: AbortSignal): void {
  const isKnown = typeof requestIdleCallback === 'function'
  const waiting = isKnown ? requestIdleCallback(act, { timeout: 4_000 }) : setTimeout(act, 1_500)
  signal.addEventListener('abort', () => (isKnown ? cancelIdleCallback : clearTimeout)(waiting))
}
