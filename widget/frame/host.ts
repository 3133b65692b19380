import {
  heard,
  say,
  type FrameSays,
  type HostSays,
  type Look,
  type OutboxEntry,
  type Peer,
  type PublicEvent,
  type PublicEvents,
  type ReadMark,
  type Session,
  type Welcome,
} from '../bridge.ts'

/** Milliseconds to wait for the page's loader before the chat goes on without what it keeps. */
const HOST_WAIT = 15_000

/** What the loader asks of the chat at any time. */
export type HostListener = (
  says: Exclude<HostSays, { type: 'welcome' | 'session:claimed' | 'identity' }>,
) => void

/** The chat's line to the page around it: what is kept for the visitor, and what the page should know. */
export class Host {
  readonly #peer: Peer
  #claimed: ((session: Session | null) => void) | undefined
  #identified: ((token: string | null) => void) | undefined

  constructor(peer: Peer) {
    this.#peer = peer
  }

  /** Listens from now on, greets the loader, and answers with what it keeps. */
  greet(listener: HostListener): Promise<Welcome> {
    return new Promise((resolve) => {
      addEventListener('message', (event) => {
        const says = heard(event, this.#peer) as HostSays | null
        if (says?.type === 'welcome') resolve(says.welcome)
        else if (says?.type === 'session:claimed') this.#claimed?.(says.session)
        else if (says?.type === 'identity') this.#identified?.(says.token)
        else if (says) listener(says)
      })
      this.#say({ type: 'ready' })
    })
  }

  /** The session, or null when this chat is to make it; other tabs wait until it has. */
  claimSession(stale?: string): Promise<Session | null> {
    const asked = this.#ask<Session>((answer) => (this.#claimed = answer))
    this.#say({ type: 'session:claim', ...(stale === undefined ? {} : { stale }) })
    return asked
  }

  /** The page's proof of who the visitor is, or null; never again one that the server `refused`. */
  askIdentity(refused?: string): Promise<string | null> {
    const asked = this.#ask<string>((answer) => (this.#identified = answer))
    this.#say({ type: 'identity:ask', ...(refused === undefined ? {} : { refused }) })
    return asked
  }

  /** The session turned out to be another's than the proof's: everything begins anew, this frame too. */
  isForeign(): void {
    this.#say({ type: 'identity:foreign' })
  }

  saveSession(session: Session): void {
    this.#say({ type: 'session:save', session })
  }

  releaseSession(): void {
    this.#say({ type: 'session:release' })
  }

  putOutbox(entry: OutboxEntry): void {
    this.#say({ type: 'outbox:put', entry })
  }

  dropOutbox(clientMessageId: string): void {
    this.#say({ type: 'outbox:drop', client_message_id: clientMessageId })
  }

  markRead(mark: ReadMark): void {
    this.#say({ type: 'read:mark', mark })
  }

  unread(count: number): void {
    this.#say({ type: 'unread', count })
  }

  asking(asking: boolean): void {
    this.#say({ type: 'asking', asking })
  }

  /** Keeps whether the visitor wants to hear new messages. */
  keepSound(on: boolean): void {
    this.#say({ type: 'sound', on })
  }

  look(look: Look): void {
    this.#say({ type: 'look', look })
  }

  close(): void {
    this.#say({ type: 'close' })
  }

  tell<E extends PublicEvent>(name: E, detail: PublicEvents[E]): void {
    this.#say({ type: 'event', name, detail })
  }

  #ask<T>(expect: (answer: (value: T | null) => void) => void): Promise<T | null> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(null), HOST_WAIT)
      expect((value) => {
        clearTimeout(timer)
        resolve(value)
      })
    })
  }

  #say(says: FrameSays): void {
    say(this.#peer, says)
  }
}

/**
 * The page that embeds this frame, or this page itself. The origin of the former is in the fragment, written by the
 * loader; that only allowed pages can embed the frame at all is enforced by the browser (`frame-ancestors`).
 */
export function embeddingPage(): Peer {
  const origin = new URLSearchParams(location.hash.slice(1)).get('host')
  return { window: window.parent, origin: origin ?? location.origin }
}
