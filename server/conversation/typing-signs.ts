/** Signs that somebody types: each holds for a while, and is then taken back. */
export class TypingSigns {
  readonly #holds: number
  readonly #shown = new Map<string, { timer: NodeJS.Timeout; tell: (typing: boolean) => void }>()

  /** `holds`: milliseconds. */
  constructor(holds: number) {
    this.#holds = holds
  }

  /** Shows that `who` types, or ceases to, by `tell`; what is not shown need not be taken back. */
  set(who: string, typing: boolean, tell: (typing: boolean) => void): void {
    if (!typing) {
      this.#takeBack(who)
      return
    }
    clearTimeout(this.#shown.get(who)?.timer)
    const timer = setTimeout(() => this.#takeBack(who), this.#holds)
    this.#shown.set(who, { timer, tell })
    tell(true)
  }

  /** Nothing is told any more. */
  stop(): void {
    for (const { timer } of this.#shown.values()) clearTimeout(timer)
    this.#shown.clear()
  }

  #takeBack(who: string): void {
    const shown = this.#shown.get(who)
    if (!shown) return
    clearTimeout(shown.timer)
    this.#shown.delete(who)
    shown.tell(false)
  }
}
