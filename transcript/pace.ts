/** Milliseconds between two drawings at least: of most screens, every second frame. */
const EVERY = 25
/** Of the time, drawing takes one part in so many, unless that means to wait longer than this. */
const PARTS = 4
const LONGEST = 200

/** Draws what changes often: 40 times a second at most, and less often where that is much work. */
export class Pace {
  readonly #draw: () => void
  #timer: ReturnType<typeof setTimeout> | undefined
  #frame = 0
  #asked = false
  #next = 0

  constructor(draw: () => void) {
    this.#draw = draw
  }

  /** Draws soon; asked again until then, once. */
  ask(): void {
    if (this.#asked) return
    this.#asked = true
    const wait = this.#next - performance.now()
    const request = () => (this.#frame = requestAnimationFrame((began) => this.#now(began)))
    if (wait > 0) this.#timer = setTimeout(request, wait)
    else request()
  }

  stop(): void {
    this.#asked = false
    clearTimeout(this.#timer)
    cancelAnimationFrame(this.#frame)
  }

  #now(began: number): void {
    this.#asked = false
    this.#next = began + EVERY
    this.#draw()
    // What the browser does with it comes after this, and counts too.
    this.#timer = setTimeout(() => {
      const wait = Math.min(LONGEST, PARTS * (performance.now() - began))
      this.#next = began + Math.max(EVERY, wait)
    })
  }
}
