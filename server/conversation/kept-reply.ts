import type { Pieces } from '../infra/pieces.ts'
import type { Slots } from './slots.ts'

/** Where one running reply is kept. */
export interface Checkpoint {
  /** All that was said so far, and which message it answers. */
  keep(whole: string, answersTo: number): void
  /** Nothing more is kept. */
  close(): void
  /** The turn has ended: what was kept of it is forgotten. */
  drop(): void
}

export interface KeptReplyParts {
  pieces: Pieces
  key: string
  /** Names the attempt in the name of each of its pieces: no other can write among them. */
  tag: string
  /** Something of an earlier attempt may be there. */
  hasLeftovers: boolean
  limits: { every: number; upTo: number; keptFor: number }
  /** Shared by all replies: what is due at about one time leaves in one write. */
  slots: Slots
  failed: () => void
}

/**
 * One reply, kept piece by piece: each piece is written once, so that a long answer costs its own length. One write is
 * under way at a time, whatever the pace of the model and of who keeps it.
 */
export class KeptReply implements Checkpoint {
  readonly #parts: KeptReplyParts
  #whole = ''
  #answersTo = 0
  /** So much of the whole is kept, since the store's life of this number. */
  #kept = 0
  #life: number
  #writing = false
  #wrote: boolean
  /** The last piece could not be kept: the next one waits its time, however long it is. */
  #failing = false
  #closed = false
  #cancel: (() => void) | null = null
  readonly #due = () => {
    this.#write()
  }

  constructor(parts: KeptReplyParts) {
    this.#parts = parts
    this.#life = parts.pieces.lives
    this.#wrote = parts.hasLeftovers
  }

  keep(whole: string, answersTo: number): void {
    this.#whole = whole
    this.#answersTo = answersTo
    this.#plan()
  }

  close(): void {
    this.#closed = true
    this.#stopWaiting()
  }

  drop(): void {
    this.close()
    if (this.#wrote) this.#parts.pieces.drop(this.#parts.key)
  }

  #plan(): void {
    const unkept = this.#whole.length - this.#kept
    if (this.#closed || this.#writing || unkept === 0) return
    const { every, upTo } = this.#parts.limits
    if (unkept >= upTo && !this.#failing) this.#write()
    else this.#cancel ??= this.#parts.slots.wait(every, this.#due)
  }

  #write(): void {
    this.#stopWaiting()
    const { pieces, key, tag, limits } = this.#parts
    if (this.#life !== pieces.lives) this.#kept = 0
    this.#life = pieces.lives
    const from = this.#kept
    const upTo = this.#whole.length
    const name = `${tag}.${this.#answersTo}.${from}`
    this.#writing = this.#wrote = true
    // Whoever begins at the beginning cannot know whether anybody has said until when to keep it.
    const ttl = from === 0 ? limits.keptFor : undefined
    void pieces.put(key, name, this.#whole.slice(from), ttl).then((kept) => {
      this.#writing = false
      this.#kept = kept ? upTo : 0
      this.#failing = !kept
      if (!kept) this.#parts.failed()
      this.#plan()
    })
  }

  #stopWaiting(): void {
    this.#cancel?.()
    this.#cancel = null
  }
}
