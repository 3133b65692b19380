/** How long tokens were on their way, in milliseconds. */
export interface Spread {
  count: number
  p50: number
  p90: number
  p99: number
  max: number
}

/** Collects durations in microseconds while it is on. */
export class Latencies {
  #taken: number[] = []
  #on = false

  begin(): void {
    this.#taken = []
    this.#on = true
  }

  take(duration: number): void {
    if (this.#on) this.#taken.push(duration)
  }

  /** What was taken since `begin`. */
  end(): Spread {
    this.#on = false
    const sorted = Float64Array.from(this.#taken).sort()
    const at = (share: number) =>
      (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN) / 1_000
    return { count: sorted.length, p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) }
  }
}
