import type { Dispatcher } from 'undici'
import { ProviderError } from './provider.ts'

/** Takes a piece of a body. False: nothing more is wanted. */
export type OnChunk = (chunk: Buffer) => boolean

/** How long the rest of a body that nobody wants may take before its connection is given up, in milliseconds. */
const REST_MS = 1_000

/**
 * The body of a response that is coming in. It is held back in the socket until somebody reads it, and handed over as
 * it arrives, without a stream or a promise per piece.
 */
export class IncomingBody {
  readonly #controller: Dispatcher.DispatchController
  #onChunk: OnChunk | null = null
  /** Ends the reading; with an error where it failed. */
  #settle: ((error: Error | null) => void) | null = null
  #rest: NodeJS.Timeout | null = null
  #broken: Error | null = null

  constructor(controller: Dispatcher.DispatchController) {
    this.#controller = controller
    controller.pause()
  }

  /**
   * Reads until the end, or until `onChunk` has enough; then the connection is kept for the next request if the rest
   * comes soon. Rejects with `broken_stream`, with what `onChunk` throws, or with the signal's reason; in all these
   * cases the connection is closed at once. Read it once.
   */
  read(onChunk: OnChunk, signal?: AbortSignal | null): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = () => this.#fail(signal?.reason)
      this.#settle = (error) => {
        this.#settle = null
        this.#onChunk = null
        signal?.removeEventListener('abort', abort)
        if (error) reject(error)
        else resolve()
      }
      this.#onChunk = onChunk
      if (signal?.aborted) abort()
      else if (this.#broken) this.broke(this.#broken)
      else {
        signal?.addEventListener('abort', abort, { once: true })
        this.#controller.resume()
      }
    })
  }

  /** The next piece came. */
  arrived(chunk: Buffer): void {
    if (!this.#onChunk) return
    try {
      if (!this.#onChunk(chunk)) this.#hasEnough()
    } catch (error) {
      this.#fail(error)
    }
  }

  ended(): void {
    if (this.#rest) clearTimeout(this.#rest)
    this.#settle?.(null)
  }

  /** The network broke it off. */
  broke(error: Error): void {
    if (this.#rest) clearTimeout(this.#rest)
    this.#broken = error
    const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name
    this.#settle?.(new ProviderError('broken_stream', `The connection broke in mid-answer (${code})`))
  }

  #hasEnough(): void {
    this.#settle?.(null)
    this.#rest = setTimeout(() => {
      this.#controller.abort(new Error('The rest of the body did not come'))
    }, REST_MS).unref()
  }

  #fail(error: unknown): void {
    this.#settle?.(error as Error)
    this.#controller.abort(new Error('Reading was given up'))
  }
}
