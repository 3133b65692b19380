import { heard, say, type FrameSays, type HostSays, type Peer } from '../bridge.ts'
import { Keep, openShelf } from '../keep.ts'
import { SessionDesk } from '../session-desk.ts'
import { Emitter } from './emitter.ts'
import type { Settings } from './settings.ts'
import { Shell } from './shell.ts'
import { launcherWords } from './words.ts'

/** Messages of the page that wait for the chat to load, at most. */
const WAITING = 20

/** The widget on one page: the launcher, and the chat's other end once there is one. */
export class Widget {
  readonly events = new Emitter()
  readonly #settings: Settings
  readonly #languages: string[]
  readonly #keep: Keep
  readonly #desk: SessionDesk
  readonly #shell: Shell
  readonly #hearing = new AbortController()
  #frame: Peer | null = null
  #ready = false
  #open = false
  #waiting: string[] = []

  constructor(settings: Settings) {
    this.#settings = settings
    const languages = [settings.locale, document.documentElement.lang, ...navigator.languages]
    this.#languages = languages.filter((tag): tag is string => Boolean(tag))
    this.#keep = new Keep(
      openShelf(() => localStorage),
      settings.clientKey,
    )
    this.#desk = new SessionDesk(this.#keep, navigator.locks, settings.clientKey)
    this.#shell = new Shell({
      words: launcherWords(this.#languages),
      theme: settings.theme,
      position: settings.position,
      onToggle: () => this.toggle(),
      onNear: () => this.#load(),
    })
    const look = settings.look ?? this.#keep.look()
    if (look) this.#shell.wear(look)
    if (settings.hideLauncher) this.#shell.hideBubble()
    addEventListener('message', (event) => this.#hear(event), { signal: this.#hearing.signal })
    if (this.#keep.session()) whenIdle(() => this.#load())
  }

  get isOpen(): boolean {
    return this.#open
  }

  open(): void {
    this.#load()
    this.#setOpen(true)
  }

  close(): void {
    // A chat that has not come until now may never come: the next opening asks for it anew.
    if (this.#open && !this.#ready) this.#frame = null
    this.#setOpen(false)
  }

  toggle(): void {
    if (this.#open) this.close()
    else this.open()
  }

  show(): void {
    this.#shell.setVisible(true)
  }

  hide(): void {
    this.close()
    this.#shell.setVisible(false)
  }

  /** Sends a message as if the visitor had typed it. */
  sendMessage(text: string): void {
    this.#load()
    if (this.#ready) this.#say({ type: 'send', text })
    else if (this.#waiting.length < WAITING) this.#waiting.push(text)
  }

  /** Takes everything of ours off the page; what is kept for the visitor stays. */
  destroy(): void {
    this.#hearing.abort()
    this.#desk.release()
    this.#shell.remove()
    this.#frame = null
  }

  #setOpen(open: boolean): void {
    if (open === this.#open || this.#hearing.signal.aborted) return
    this.#open = open
    this.#shell.setOpen(open)
    this.#say({ type: 'visibility', open })
    this.events.emit(open ? 'opened' : 'closed', {})
  }

  #load(): void {
    if (this.#frame || this.#hearing.signal.aborted) return
    const { origin, clientKey } = this.#settings
    const address = `${origin}/frame?client_api_key=${encodeURIComponent(clientKey)}`
    const frame = this.#shell.embed(`${address}#host=${encodeURIComponent(location.origin)}`)
    this.#frame = {
      get window() {
        return frame.contentWindow
      },
      origin,
    }
  }

  #say(says: HostSays): void {
    if (this.#frame && this.#ready) say(this.#frame, says)
  }

  #hear(event: MessageEvent): void {
    const says = this.#frame && heard(event, this.#frame)
    if (says) this.#answer(says)
  }

  #answer(says: FrameSays | HostSays): void {
    switch (says.type) {
      case 'ready':
        this.#welcome()
        break
      case 'session:claim':
        void this.#desk.claim(says.stale).then((session) => this.#say({ type: 'session:claimed', session }))
        break
      case 'session:save':
        this.#desk.save(says.session)
        break
      case 'session:release':
        this.#desk.release()
        break
      case 'outbox:put':
        this.#keep.putOutbox(says.entry)
        break
      case 'outbox:drop':
        this.#keep.dropOutbox(says.client_message_id)
        break
      case 'read:mark':
        this.#keep.markRead(says.mark)
        break
      case 'unread':
        this.#shell.setUnread(says.count)
        this.events.emit('unread:changed', { count: says.count })
        break
      case 'look':
        this.#keep.saveLook(says.look)
        this.#shell.wear(says.look)
        break
      case 'close':
        this.close()
        break
      case 'event':
        this.events.emit(says.name, says.detail)
        break
    }
  }

  #welcome(): void {
    this.#ready = true
    this.#shell.reveal()
    this.#say({
      type: 'welcome',
      welcome: {
        session: this.#keep.session(),
        outbox: this.#keep.outbox(),
        read: this.#keep.read(),
        page_url: location.origin + location.pathname,
        languages: this.#languages,
        theme: this.#settings.theme,
        open: this.#open,
        sound: false,
        attributes: null,
      },
    })
    for (const text of this.#waiting) this.#say({ type: 'send', text })
    this.#waiting = []
  }
}

/** Once the page has nothing better to do. */
function whenIdle(act: () => void): void {
  if ('requestIdleCallback' in window) requestIdleCallback(act, { timeout: 4_000 })
  else setTimeout(act, 1_500)
}
