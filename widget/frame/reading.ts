import type { Message } from '../../protocol/records.ts'
import type { ReadMark } from '../bridge.ts'
import type { Host } from './host.ts'
import { countUnread } from './unread.ts'

/** How far the visitor has read, and how many answers it has not: the page around is told both. */
export class Reading {
  readonly #host: Host
  #mark: ReadMark | null
  #unread = 0

  constructor(host: Host, mark: ReadMark | null) {
    this.#host = host
    this.#mark = mark
  }

  /** These rows are there; with `looking`, they are before the visitor's eyes. */
  note(looking: boolean, conversationId: string | undefined, messages: readonly Message[]): void {
    const newest = messages.at(-1)?.seq ?? 0
    if (looking && conversationId !== undefined && newest > 0) this.#read(conversationId, newest)
    const count = looking ? 0 : countUnread(conversationId, messages, this.#mark)
    if (count === this.#unread) return
    this.#unread = count
    this.#host.unread(count)
  }

  #read(conversationId: string, newest: number): void {
    const known = this.#mark?.conversation_id === conversationId && this.#mark.seq >= newest
    this.#mark = { conversation_id: conversationId, seq: newest }
    if (!known) this.#host.markRead(this.#mark)
  }
}
