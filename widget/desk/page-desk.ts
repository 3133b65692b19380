import type { AttributeChanges } from '../../protocol/telling.ts'
import { heard, say, type FrameSays, type HostSays } from '../bridge.ts'
import { placeOf } from '../forget.ts'
import type { Desk, Front, IdentitySource } from '../front.ts'
import { Keep, openShelf, type Shelf } from '../keep.ts'
import { SessionDesk } from '../session-desk.ts'
import { mergeAttributes } from './attributes.ts'
import { Identity, userOf } from './identity.ts'
import type { Room } from './room.ts'
import { TitleBadge } from './title-badge.ts'

/** Wishes of the page that wait for the chat to load, at most. */
const WAITING = 20

/** The page's half of the chat: keeps what must outlive the page, knows the visitor, and speaks with the frame. */
export class PageDesk implements Desk {
  readonly #front: Front
  readonly #room: Room
  readonly #identity: Identity
  readonly #title: TitleBadge | null
  readonly #ending = new AbortController()
  #keep!: Keep
  #sessions!: SessionDesk
  #attributes: AttributeChanges | null = null
  #waiting: HostSays[] = []
  #welcomed = false
  #unread = 0
  #asking = false

  constructor(front: Front, furnish: (ending: AbortSignal) => Room) {
    const { settings } = front
    const { signal } = this.#ending
    this.#front = front
    this.#identity = new Identity(settings.identity, (message) => this.#fault('identity_invalid', message))
    this.#title = settings.titleBadge ? new TitleBadge(signal) : null
    this.#keepOn(() => localStorage, navigator.locks)
    this.#hearWindow()
    this.#room = furnish(signal)
    // Asked while the frame loads, so that it need not wait.
    void this.#identity.token()
  }

  listen(): void {
    this.#hearWindow()
    this.#room.listen()
  }

  turned(): void {
    this.#room.turned()
    this.#say({ type: 'visibility', open: this.#front.isOpen })
  }

  redress(): void {
    this.#room.redress()
    this.#say({ type: 'languages', languages: this.#front.languages() })
    this.#say({ type: 'theme', theme: this.#front.settings.theme })
  }

  identify(source: IdentitySource): void {
    this.#identity.use(source)
    if (this.#welcomed) void this.#prove().then((token) => token && this.#say({ type: 'identify', token }))
  }

  setAttributes(changes: unknown): void {
    const attributes = mergeAttributes(this.#attributes, changes)
    if (attributes) {
      this.#attributes = attributes
      this.#say({ type: 'attributes', attributes })
    } else this.#fault('invalid_payload', 'These are no attributes, or too many.')
  }

  sendMessage(text: string): void {
    this.#sayOnce({ type: 'send', text })
  }

  prefill(text: string): void {
    this.#sayOnce({ type: 'prefill', text })
  }

  reset(everywhere: boolean): void {
    if (everywhere) this.#keep.forget()
    this.#identity.use(null)
    this.#attributes = null
    this.#waiting = []
    // A shelf of its own again, if this page had taken one in memory.
    this.#keepOn(() => localStorage, navigator.locks)
    this.#renew()
  }

  destroy(): void {
    this.#ending.abort()
    this.#sessions.release()
  }

  /** Once, however often it is asked: the window knows its listeners. */
  #hearWindow(): void {
    const { signal } = this.#ending
    addEventListener('message', this.#hear, { signal })
    addEventListener('storage', this.#watchOutbox, { signal })
  }

  readonly #hear = (event: MessageEvent): void => {
    const says = heard(event, this.#room.peer) as FrameSays | null
    if (says) this.#answer(says)
  }

  /** Tabs keep their messages together, so that one can send what another left behind. */
  readonly #watchOutbox = ({ key }: StorageEvent): void => {
    if (key === placeOf(this.#front.settings.clientKey) + 'outbox')
      this.#say({ type: 'outbox', outbox: this.#keep.outbox() })
  }

  #answer(says: FrameSays): void {
    switch (says.type) {
      case 'ready':
        this.#room.came()
        void this.#welcome()
        break
      case 'session:claim':
        void this.#sessions
          .claim(says.stale)
          .then((session) => this.#say({ type: 'session:claimed', session }))
        break
      case 'session:save':
        this.#sessions.save(says.session)
        break
      case 'session:release':
        this.#sessions.release()
        break
      case 'identity:ask':
        void this.#prove(says.refused).then((token) => this.#say({ type: 'identity', token }))
        break
      case 'identity:foreign':
        this.#keep.forget()
        this.#renew()
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
      case 'sound':
        this.#keep.saveSound(says.on)
        break
      case 'unread':
        this.#count(says.count)
        this.#front.emit('unread:changed', { count: says.count })
        break
      case 'asking':
        this.#asking = says.asking
        this.#badge()
        break
      case 'look':
        this.#front.wear(says.look)
        break
      case 'close':
        this.#front.close()
        break
      case 'event':
        this.#front.emit(says.name, says.detail)
        break
    }
  }

  async #welcome(): Promise<void> {
    const { peer } = this.#room
    this.#welcomed = false
    await this.#prove()
    if (peer !== this.#room.peer || this.#ending.signal.aborted) return
    this.#welcomed = true
    const { settings, isOpen } = this.#front
    this.#say({
      type: 'welcome',
      welcome: {
        session: this.#keep.session(),
        outbox: this.#keep.outbox(),
        read: this.#keep.read(),
        page_url: location.href.split(/[?#]/, 1)[0] ?? '',
        languages: this.#front.languages(),
        theme: settings.theme,
        open: isOpen,
        sound: this.#keep.sound(),
        attributes: this.#attributes,
      },
    })
    this.#room.reveal()
    for (const says of this.#waiting.splice(0)) this.#say(says)
  }

  /**
   * The page's proof of who the visitor is. What is kept for somebody else is never shown to this one: it goes, or,
   * where the page says that it knows its visitor and cannot prove it now, this page goes on without it.
   */
  async #prove(refused?: string): Promise<string | null> {
    const token = await this.#identity.token(refused)
    const [user, owner] = [token === null ? null : userOf(token), this.#keep.owner()]
    const isOther = this.#identity.isSet && owner !== null && owner !== user
    if (isOther && user !== null) this.#keep.forget()
    else if (isOther) this.#keepInMemory()
    if (user !== null) this.#keep.saveOwner(user)
    if (isOther && this.#welcomed) this.#renew()
    return token
  }

  #keepOn(storage: () => Shelf, locks: LockManager | undefined): void {
    const { clientKey } = this.#front.settings
    this.#keep = new Keep(openShelf(storage), clientKey)
    this.#sessions = new SessionDesk(this.#keep, locks, clientKey)
  }

  #keepInMemory(): void {
    this.#sessions.release()
    this.#keepOn(() => {
      throw new Error('kept for somebody else')
    }, undefined)
  }

  /** A fresh frame knows nothing of what was, and the old one, with all that it had under way, is gone. */
  #renew(): void {
    this.#welcomed = false
    this.#sessions.release()
    this.#asking = false
    this.#count(0)
    this.#room.renew()
  }

  #count(unread: number): void {
    this.#unread = unread
    this.#title?.set(unread)
    this.#badge()
  }

  #badge(): void {
    this.#front.badge(this.#unread, this.#asking)
  }

  /** Says it now, or once the chat has loaded. */
  #sayOnce(says: HostSays): void {
    if (this.#welcomed) this.#say(says)
    else if (this.#waiting.length < WAITING) this.#waiting.push(says)
  }

  #say(says: HostSays): void {
    if (this.#welcomed) say(this.#room.peer, says)
  }

  #fault(code: 'identity_invalid' | 'invalid_payload', message: string): void {
    this.#front.emit('error', { code, message })
  }
}
