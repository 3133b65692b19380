interface Entry<T> {
  value: T
  /** By `performance.now()`. */
  until: number
}

/** Remembers values by name for a while. When there are too many, the one that was set longest ago goes. */
export class ShortMemory<T> {
  readonly #most: number
  readonly #ms: number
  readonly #entries = new Map<string, Entry<T>>()

  constructor(most: number, ms: number) {
    this.#most = most
    this.#ms = ms
  }

  get(name: string): T | undefined {
    const entry = this.#entries.get(name)
    return entry && entry.until > performance.now() ? entry.value : undefined
  }

  set(name: string, value: T): void {
    this.#entries.delete(name)
    this.#entries.set(name, { value, until: performance.now() + this.#ms })
    const [oldest] = this.#entries.keys()
    if (oldest !== undefined && this.#entries.size > this.#most) this.#entries.delete(oldest)
  }

  delete(name: string): void {
    this.#entries.delete(name)
  }
}
