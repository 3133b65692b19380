/** Something that is done over and over, once in a turn of the wheel. True: it is done with. */
export type Spoke = () => boolean

/** Between two slots of the wheel, in milliseconds: Node's timers know nothing finer. */
const SLOT_MS = 1

/**
 * One timer for any number of streams: each has a slot of the turn, spread evenly, and is called once a turn. What a
 * late timer has missed is caught up, so that the rate holds.
 */
export class Wheel {
  readonly #slots: Set<Spoke>[]
  readonly #slotMs: number
  #timer: NodeJS.Timeout | null = null
  /** When the first slot was at the top first, by `performance.now()`, and how many slots have been since. */
  #begunAt = 0
  #passed = 0
  #size = 0

  /** `turnMs` is how long one turn takes: a stream of 50 tokens a second wants 20. */
  constructor(turnMs: number) {
    const count = Math.max(1, Math.floor(turnMs / SLOT_MS))
    this.#slots = Array.from({ length: count }, () => new Set<Spoke>())
    this.#slotMs = turnMs / count
  }

  add(spoke: Spoke): void {
    const emptiest = this.#slots.reduce((least, slot) => (slot.size < least.size ? slot : least))
    emptiest.add(spoke)
    this.#size++
    if (this.#timer) return
    this.#begunAt = performance.now()
    this.#passed = 0
    this.#wait()
  }

  /** Nothing is called any more. */
  stop(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    for (const slot of this.#slots) slot.clear()
    this.#size = 0
  }

  #wait(): void {
    const next = this.#begunAt + (this.#passed + 1) * this.#slotMs
    this.#timer = setTimeout(() => this.#turn(), Math.max(1, Math.floor(next - performance.now())))
  }

  #turn(): void {
    const due = Math.floor((performance.now() - this.#begunAt) / this.#slotMs)
    while (this.#passed < due) {
      this.#passed++
      const slot = this.#slots[this.#passed % this.#slots.length]
      for (const spoke of slot ?? []) {
        if (!spoke()) continue
        slot?.delete(spoke)
        this.#size--
      }
    }
    if (this.#size > 0) this.#wait()
    else this.#timer = null
  }
}
