/** `failed`: what was asked did not succeed. `unproved`: the page must say first who it is. `messages`, `answers`: a limit on them is reached. */
export type NoticeKind = 'failed' | 'unproved' | 'messages' | 'answers'

/** Milliseconds that a failure is shown, and a limit of which nobody knows how long it lasts. */
const SHOWN_FOR = 8_000

/** What the visitor is told above the field it writes in, until it does not hold any more. */
export class Notice {
  shown = $state.raw<{ kind: NoticeKind; until: number } | null>(null)
  #timer: ReturnType<typeof setTimeout> | undefined

  /** A limit on messages, or on what answers may spend in a day. */
  reached({ kind, retry_after_ms }: { kind: string; retry_after_ms?: number }): void {
    this.show(kind === 'answers' ? 'answers' : 'messages', retry_after_ms)
  }

  /** `wait`: milliseconds. */
  show(kind: NoticeKind, wait: number = SHOWN_FOR): void {
    clearTimeout(this.#timer)
    this.shown = { kind, until: Date.now() + wait }
    this.#timer = setTimeout(() => (this.shown = null), wait)
  }
}
