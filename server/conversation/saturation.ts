import type { TurnLimits } from './limits.ts'

export interface SaturationParts {
  limits: Pick<TurnLimits, 'atOnce' | 'loopDelay'>
  /** How many turns run here. */
  runningTurns: () => number
  /** How late the event loop is, in milliseconds. */
  loopDelay: () => number
}

/** Who was turned away comes again after so many milliseconds: not all at once. */
const COME_AGAIN = { shortest: 1_000, longest: 3_000 }

/** It is over when this part of the limit is reached again: not with every turn that ends. */
const CALM = { turns: 0.9, loopDelay: 0.5 }

/** Whether this process has too much to do to begin further turns. */
export class Saturation {
  readonly #parts: SaturationParts
  #isBusy = false
  #turnedAway = 0

  constructor(parts: SaturationParts) {
    this.#parts = parts
  }

  get isBusy(): boolean {
    const { limits, runningTurns, loopDelay } = this.#parts
    const most = this.#isBusy
      ? { turns: limits.atOnce * CALM.turns, loopDelay: limits.loopDelay * CALM.loopDelay }
      : { turns: limits.atOnce, loopDelay: limits.loopDelay }
    this.#isBusy = runningTurns() >= most.turns || (limits.loopDelay > 0 && loopDelay() >= most.loopDelay)
    return this.#isBusy
  }

  /** How many messages were turned away. */
  get turnedAway(): number {
    return this.#turnedAway
  }

  /** Counts one that is, and says after how many milliseconds it may come again. */
  turnAway(): number {
    this.#turnedAway++
    const { shortest, longest } = COME_AGAIN
    return Math.round(shortest + Math.random() * (longest - shortest))
  }
}
