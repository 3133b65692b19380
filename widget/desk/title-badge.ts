/** Counts unread answers in the page's title while its tab is hidden, and puts the title back. */
export class TitleBadge {
  #unread = 0
  #written: { plain: string; badged: string } | null = null

  constructor(signal: AbortSignal) {
    document.addEventListener('visibilitychange', () => this.#show(), { signal })
    signal.addEventListener('abort', () => this.set(0))
  }

  set(unread: number): void {
    this.#unread = unread
    this.#show()
  }

  #show(): void {
    // A title that the page has written meanwhile is its own.
    if (this.#written && document.title === this.#written.badged) document.title = this.#written.plain
    this.#written = null
    const plain = document.title
    if (this.#unread === 0 || !document.hidden || plain === '') return
    document.title = `(${this.#unread}) ${plain}`
    this.#written = { plain, badged: document.title }
  }
}
