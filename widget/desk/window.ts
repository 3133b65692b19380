import type { Peer } from '../bridge.ts'
import { draw } from '../draw.ts'
import type { Front } from '../front.ts'
import { fitToSight } from './keyboard.ts'
import type { Room } from './room.ts'
import { frameAddress, frameCannotBe, openTab } from './tab.ts'
import styles from './window.css?inline'

/** Milliseconds that a frame has to greet: after it has loaded, and at all. */
const LOADED_WAIT = 1_000
const FRAME_WAIT = 30_000

const NOBODY: Peer = { window: null, origin: '' }

/** The window on the page and the frame in it; or, where the page cannot have that, a tab of its own. */
export class ChatWindow implements Room {
  readonly #front: Front
  readonly #window = draw('div', 'window')
  readonly #ending: AbortSignal
  #frame: HTMLIFrameElement | null = null
  #peer = NOBODY
  #came = false
  #inTab = frameCannotBe()
  #overdue: ReturnType<typeof setTimeout> | undefined

  constructor(front: Front, ending: AbortSignal) {
    this.#front = front
    this.#ending = ending
    front.furnish(this.#window, styles)
    fitToSight(this.#window, ending)
    ending.addEventListener('abort', () => clearTimeout(this.#overdue))
    this.listen()
    if (!this.#inTab) this.renew()
    if (front.isOpen) this.turned()
  }

  get peer(): Peer {
    return this.#peer
  }

  listen(): void {
    document.addEventListener('securitypolicyviolation', this.#forbidden, { signal: this.#ending })
  }

  renew(): void {
    this.#frame?.remove()
    this.#front.setReady(false)
    const { settings } = this.#front
    const frame = document.createElement('iframe')
    frame.allow = 'clipboard-write'
    frame.src = frameAddress(settings, { host: self.origin })
    this.#frame = frame
    const peer = {
      get window() {
        return frame.contentWindow
      },
      origin: settings.origin,
    }
    this.#peer = peer
    const expect = (wait: number) => {
      clearTimeout(this.#overdue)
      this.#overdue = setTimeout(() => this.#peer === peer && !this.#came && this.#blocked(), wait)
    }
    frame.addEventListener('load', () => expect(LOADED_WAIT))
    expect(FRAME_WAIT)
    this.redress()
    this.#window.append(frame)
  }

  redress(): void {
    if (this.#frame) this.#frame.title = this.#front.title
  }

  came(): void {
    this.#came = true
  }

  reveal(): void {
    this.#front.setReady(true)
    if (this.#front.isOpen) this.#frame?.focus()
  }

  turned(): void {
    const { isOpen } = this.#front
    if (isOpen && this.#inTab) {
      this.#openTab()
      return
    }
    if (isOpen && this.#peer === NOBODY) this.renew()
    // A chat that has not come until now may never come: the next opening asks for it anew.
    if (!isOpen && !this.#came) this.#peer = NOBODY
    if (isOpen) this.#frame?.focus()
  }

  /** The page's own policy does not want the frame. */
  readonly #forbidden = ({ effectiveDirective, blockedURI }: SecurityPolicyViolationEvent): void => {
    if (effectiveDirective === 'frame-src' && blockedURI.startsWith(this.#front.settings.origin))
      this.#blocked(true)
  }

  /** Something has come that is not our chat: an error, or nothing at all. */
  #blocked(forbidden = false): void {
    clearTimeout(this.#overdue)
    this.#inTab = forbidden || frameCannotBe(true)
    this.#fault('The chat did not come. Is this site among those that the client allows?')
    // As long as the click that opened it lets us.
    if (this.#inTab && this.#front.isOpen && navigator.userActivation.isActive) this.#openTab()
  }

  #openTab(): void {
    this.#front.close()
    if (!openTab(this.#front.settings)) this.#fault('The chat can neither be shown here nor in a tab.')
  }

  #fault(message: string): void {
    console.warn(`Parlor: ${message}`)
    this.#front.emit('error', { code: 'unavailable', message })
  }
}
