import { ShortMemory } from './short-memory.ts'

/** The sizes of context that are asked for where nobody names one. Few: each change makes Ollama load a model anew. */
const STEPS = [8_192, 16_384, 32_768] as const
const LARGEST = STEPS[STEPS.length - 1] ?? 0

/** Models that are remembered. */
const MOST = 64

/** How a request's context is to be measured. Tokens. */
export interface ContextWish {
  /** What the request and its answer take, by our estimate. */
  needed: number
  /** What the client wants; it wins. */
  wanted: number | undefined
  /** What the model was made for; more is never asked for. */
  most: number | null
}

/**
 * Chooses the `num_ctx` of requests. Ollama loads a model for one size and loads it anew for any other, which takes
 * seconds to minutes: so a size that was asked for stays, also for shorter requests, as long as the model is loaded.
 */
export class ContextSizes {
  readonly #loaded: ShortMemory<number>

  /** `loadedMs`: how long a model stays loaded after a request. */
  constructor(loadedMs: number) {
    this.#loaded = new ShortMemory(MOST, loadedMs)
  }

  choose(model: string, { needed, wanted, most }: ContextWish): number {
    const step = STEPS.find((size) => size >= needed) ?? LARGEST
    const size = wanted ?? Math.max(step, this.#loaded.get(model) ?? 0)
    const chosen = Math.min(size, most ?? size)
    this.#loaded.set(model, chosen)
    return chosen
  }
}
