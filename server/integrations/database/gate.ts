/** Lets so many in at the same time; others wait in their order. */
export class Gate {
  readonly #together: number
  readonly #mostWaiting: number
  #inside = 0
  readonly #waiting = new Set<() => void>()

  constructor(limits: { together: number; waiting: number }) {
    this.#together = limits.together
    this.#mostWaiting = limits.waiting
  }

  /** Resolves with the way out, to be gone once; null: too many are waiting. Rejects with the signal's reason. */
  async enter(signal: AbortSignal): Promise<(() => void) | null> {
    signal.throwIfAborted()
    if (this.#inside < this.#together) this.#inside++
    else if (this.#waiting.size < this.#mostWaiting) await this.#wait(signal)
    else return null
    return () => {
      this.#leave()
    }
  }

  #wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        this.#waiting.delete(goIn)
        reject(signal.reason as Error)
      }
      const goIn = () => {
        signal.removeEventListener('abort', giveUp)
        resolve()
      }
      signal.addEventListener('abort', giveUp, { once: true })
      this.#waiting.add(goIn)
    })
  }

  /** Whoever waits takes the place over. */
  #leave(): void {
    const [next] = this.#waiting
    if (!next) this.#inside--
    else {
      this.#waiting.delete(next)
      next()
    }
  }
}
