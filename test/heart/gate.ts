/** What goes through waits while it is shut. */
export class Gate {
  #opened: Promise<void> | null = null
  #open: () => void = () => undefined

  get isShut(): boolean {
    return this.#opened !== null
  }

  shut(): void {
    this.#opened ??= new Promise((resolve) => (this.#open = resolve))
  }

  open(): void {
    this.#opened = null
    this.#open()
  }

  async pass(): Promise<void> {
    while (this.#opened) await this.#opened
  }
}
