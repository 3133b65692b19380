/** How long before its end a session is told so, in milliseconds. */
const WARNED_BEFORE_MS = 60_000

export interface ClockBells {
  /** Its end is near. */
  expiring: () => void
  expired: () => void
}

/** When a connection's access token expires. */
export class SessionClock {
  readonly #bells: ClockBells
  #warning: NodeJS.Timeout | null = null
  #end: NodeJS.Timeout | null = null

  constructor(bells: ClockBells) {
    this.#bells = bells
  }

  /** Counts from now on to `expiresAt`, milliseconds since the epoch, and to nothing else. */
  set(expiresAt: number): void {
    this.stop()
    const left = expiresAt - Date.now()
    this.#warning = setTimeout(this.#bells.expiring, Math.max(0, left - WARNED_BEFORE_MS))
    this.#end = setTimeout(this.#bells.expired, Math.max(0, left))
  }

  stop(): void {
    if (this.#warning) clearTimeout(this.#warning)
    if (this.#end) clearTimeout(this.#end)
  }
}
