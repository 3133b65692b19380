import { monitorEventLoopDelay, type IntervalHistogram } from 'node:perf_hooks'

/** How often the event loop is looked at, and over how long the mean is taken, in milliseconds. */
const RESOLUTION = 20
const WINDOW = 2_000

/** How late the event loop is: by which time its timers come after they were due. */
export class LoopDelay {
  readonly #histogram: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION })
  #timer: NodeJS.Timeout | null = null
  #mean = 0

  /** Milliseconds, the mean of the last two seconds. */
  get ms(): number {
    return this.#mean
  }

  start(): void {
    this.#histogram.enable()
    this.#timer ??= setInterval(() => this.#read(), WINDOW).unref()
  }

  stop(): void {
    this.#histogram.disable()
    if (this.#timer) clearInterval(this.#timer)
    this.#timer = null
  }

  #read(): void {
    const { mean } = this.#histogram
    // What is recorded is the time between two looks, in nanoseconds; nothing, where none was taken.
    this.#mean = Number.isNaN(mean) ? 0 : Math.max(0, mean / 1e6 - RESOLUTION)
    this.#histogram.reset()
  }
}
