import type { HttpResponse } from 'uWebSockets.js'

/**
 * One request and its answer on uWebSockets.js. It knows whether `res` may still be touched: after an abort or the
 * end any use of it throws.
 */
export class UwsExchange {
  readonly res: HttpResponse
  /** Aborts when the other side goes away before the answer has ended. */
  readonly abort = new AbortController()
  /** Whether the whole request body has arrived; a connection is not used again before that. */
  bodyArrived = true
  #open = true
  #writable: (() => void) | undefined

  constructor(res: HttpResponse) {
    this.res = res
    res.onAborted(() => {
      if (!this.#open) return
      this.#open = false
      this.abort.abort(new DOMException('The client has gone away.', 'AbortError'))
      this.#writable?.()
    })
    res.onWritable(() => {
      // Whoever listens for this is left with what uWebSockets.js had to keep back; a cork, though empty, sends it on.
      res.cork(() => undefined)
      this.#writable?.()
      return true
    })
  }

  isOpen(): boolean {
    return this.#open
  }

  /** Does several writes as one packet. */
  cork<T>(write: (res: HttpResponse) => T): T {
    const results: T[] = []
    this.res.cork(() => results.push(write(this.res)))
    return results[0] as T
  }

  /** The answer is complete. */
  finished(): void {
    this.#open = false
  }

  /** Cuts the connection: the only way to say that an answer cannot be completed. */
  cut(): void {
    if (!this.#open) return
    this.#open = false
    this.res.close()
  }

  /** Cuts the connection as if the other side had: whoever answers or is asked finds it aborted. */
  hangUp(): void {
    if (this.#open) this.res.close()
  }

  /** Resolves when the socket takes more, or was aborted. uWebSockets.js bounds the wait by its own timeout. */
  writable(): Promise<void> {
    return new Promise((resolve) => (this.#writable = resolve))
  }
}
