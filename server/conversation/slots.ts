/**
 * Wakes those together who wait for about the same moment, so that what they do then shares its costs: one slot is
 * `width` milliseconds, and nobody is woken before his time.
 */
export class Slots {
  readonly #width: number
  readonly #slots = new Map<number, { waiting: Set<() => void>; timer: NodeJS.Timeout }>()

  constructor(width: number) {
    this.#width = width
  }

  /** Calls `wake` once, `ms` from now or up to one width later, unless what it returns is called before. */
  wait(ms: number, wake: () => void): () => void {
    const now = performance.now()
    const number = Math.ceil((now + ms) / this.#width)
    const slot = this.#slots.get(number) ?? this.#open(number, number * this.#width - now)
    slot.waiting.add(wake)
    return () => {
      if (!slot.waiting.delete(wake) || slot.waiting.size > 0) return
      clearTimeout(slot.timer)
      if (this.#slots.get(number) === slot) this.#slots.delete(number)
    }
  }

  #open(number: number, ms: number) {
    const waiting = new Set<() => void>()
    const timer = setTimeout(() => {
      this.#slots.delete(number)
      for (const wake of waiting) wake()
    }, ms)
    const slot = { waiting, timer }
    this.#slots.set(number, slot)
    return slot
  }
}
