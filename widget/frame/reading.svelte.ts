import type { Message } from '../../protocol/records.ts'
import type { ReadMark } from '../bridge.ts'
import type { Host } from './host.ts'
import { unreadAnswers } from './unread.ts'

/** How far the visitor has read, and how many answers it has not: the page around is told both. */
export class Reading {
  /** The id of the first answer that was not read when the visitor came to look, while it looks. */
  firstNew = $state<string | null>(null)
  readonly #host: Host
  #mark: ReadMark | null
  #unread = 0
  #looking = false

  constructor(host: Host, mark: ReadMark | null) {
    this.#host = host
    this.#mark = mark
  }

  /** These rows are there; with `looking`, they are before the visitor's eyes. */
  note(looking: boolean, conversationId: string | undefined, messages: readonly Message[]): void {
    const unread = unreadAnswers(conversationId, messages, this.#mark)
    if (!looking) this.caughtUp()
    // Who reads a conversation for the first time has no place where reading stopped.
    else if (!this.#looking && this.#mark?.conversation_id === conversationId)
      this.firstNew = unread[0]?.id ?? null
    this.#looking = looking
    const newest = messages.at(-1)?.seq ?? 0
    if (looking && conversationId !== undefined && newest > 0) this.#read(conversationId, newest)
    this.#count(looking ? 0 : unread.length)
  }

  /** Nothing is new any more: the visitor has answered it. */
  caughtUp(): void {
    this.firstNew = null
  }

  #read(conversationId: string, newest: number): void {
    const known = this.#mark?.conversation_id === conversationId && this.#mark.seq >= newest
    this.#mark = { conversation_id: conversationId, seq: newest }
    if (!known) this.#host.markRead(this.#mark)
  }

  #count(unread: number): void {
    if (unread === this.#unread) return
    this.#unread = unread
    this.#host.unread(unread)
  }
}
