import type { OutboxEntry, ReadMark, Session } from './bridge.ts'
import { forgetVisitor, placeOf } from './forget.ts'

/** Messages kept at most; further ones are sent but do not outlive the page. */
const OUTBOX_LIMIT = 50

/** The two verbs of `localStorage` that are needed, and its third. */
export type Shelf = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

/**
 * What outlives a page, per client key. Several tabs share one shelf, so the outbox is changed entry by entry and
 * read anew each time. What does not have its shape is treated as absent: the page's own code can write there too.
 */
export class Keep {
  readonly #shelf: Shelf
  readonly #prefix: string

  constructor(shelf: Shelf, clientKey: string) {
    this.#shelf = shelf
    this.#prefix = placeOf(clientKey)
  }

  session(): Session | null {
    const value = this.#read('session')
    return hasStrings(value, ['session_id', 'session_token']) ? (value as unknown as Session) : null
  }

  saveSession(session: Session): void {
    this.#write('session', session)
  }

  /** Forgets the session only while it is still that one: another tab may have a new one by now. */
  forgetSession(sessionId: string): void {
    if (this.session()?.session_id === sessionId) this.#shelf.removeItem(this.#prefix + 'session')
  }

  outbox(): OutboxEntry[] {
    const value = this.#read('outbox')
    return Array.isArray(value) ? value.filter(isOutboxEntry) : []
  }

  putOutbox(entry: OutboxEntry): void {
    const entries = this.outbox()
    const at = entries.findIndex((held) => held.client_message_id === entry.client_message_id)
    if (at >= 0) entries[at] = entry
    else if (entries.length < OUTBOX_LIMIT) entries.push(entry)
    this.#write('outbox', entries)
  }

  dropOutbox(clientMessageId: string): void {
    this.#write(
      'outbox',
      this.outbox().filter((entry) => entry.client_message_id !== clientMessageId),
    )
  }

  read(): ReadMark | null {
    const value = this.#read('read')
    if (!hasStrings(value, ['conversation_id']) || !Number.isSafeInteger(value.seq)) return null
    return value as unknown as ReadMark
  }

  markRead(mark: ReadMark): void {
    this.#write('read', mark)
  }

  /** The user whose proof the page gave, by the client's own id. Null: whatever is kept is nobody's yet. */
  owner(): string | null {
    const value = this.#read('owner')
    return typeof value === 'string' ? value : null
  }

  saveOwner(user: string): void {
    this.#write('owner', user)
  }

  /** Whether the visitor wants to hear new messages. */
  sound(): boolean {
    return this.#read('sound') === true
  }

  saveSound(on: boolean): void {
    this.#write('sound', on)
  }

  /** Lets go of everything that is the visitor's. */
  forget(): void {
    forgetVisitor(this.#shelf, this.#prefix)
  }

  #read(name: string): unknown {
    try {
      return JSON.parse(this.#shelf.getItem(this.#prefix + name) ?? 'null')
    } catch {
      return null
    }
  }

  #write(name: string, value: unknown): void {
    this.#shelf.setItem(this.#prefix + name, JSON.stringify(value, asItIs))
  }
}

/** Undoes the `toJSON` that old libraries give to every list and text: they would be quoted twice. */
function asItIs(this: Record<string, unknown>, key: string): unknown {
  return this[key]
}

/** The browser's storage; what it denies or has no room for is kept in memory, for as long as the page lives. */
export function openShelf(storage: () => Shelf): Shelf {
  const memory = new Map<string, string>()
  const attempt = <T>(use: (shelf: Shelf) => T): T | null => {
    try {
      return use(storage())
    } catch {
      return null
    }
  }
  return {
    getItem: (key) => memory.get(key) ?? attempt((shelf) => shelf.getItem(key)),
    setItem(key, value) {
      const stored = attempt((shelf) => {
        shelf.setItem(key, value)
        return true
      })
      if (stored) memory.delete(key)
      else memory.set(key, value)
    },
    removeItem(key) {
      memory.delete(key)
      attempt((shelf) => shelf.removeItem(key))
    },
  }
}

function isOutboxEntry(value: unknown): value is OutboxEntry {
  return hasStrings(value, ['client_message_id', 'text', 'created_at'])
}

function hasStrings(value: unknown, names: string[]): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  return names.every((name) => typeof (value as Record<string, unknown>)[name] === 'string')
}
