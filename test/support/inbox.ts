/** How long a test waits for something that ought to come. */
const PATIENCE = 30_000

/** Things that arrive, in their order: a test takes them one by one and waits for what has not come yet. */
export class Inbox<T> {
  readonly all: T[] = []
  readonly #what: string
  readonly #patience: number
  #taken = 0
  #wake: (() => void) | null = null

  constructor(what: string, patience = PATIENCE) {
    this.#what = what
    this.#patience = patience
  }

  put(thing: T): void {
    this.all.push(thing)
    this.#wake?.()
  }

  /** Forgets everything that has arrived. */
  clear(): void {
    this.all.length = 0
    this.#taken = 0
  }

  /** The next thing that fits, passing over those that do not; rejects when none comes in time. */
  async take(fits: (thing: T) => boolean = () => true): Promise<T> {
    const deadline = performance.now() + this.#patience
    for (;;) {
      while (this.#taken < this.all.length) {
        const thing = this.all[this.#taken++] as T
        if (fits(thing)) return thing
      }
      await this.#arrival(deadline - performance.now())
    }
  }

  #arrival(ms: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no ${this.#what} came in time`)), Math.max(0, ms))
      // Who waits in a race and loses it keeps the process no longer than the test.
      timer.unref()
      this.#wake = () => {
        clearTimeout(timer)
        this.#wake = null
        resolve()
      }
    })
  }
}
