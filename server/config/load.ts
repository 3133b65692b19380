import type { Variables } from './variables.ts'

/** How much one process takes on, and how it goes away. Times in milliseconds. */
export interface LoadConfig {
  /** New turns are refused where so many run already, or the event loop is so late on average; 0: however late it is. */
  busy: { turns: number; loopDelay: number }
  /** How long a process that goes away is still reached, and how long its running answers may take to end. */
  drain: { delay: number; limit: number }
}

/** `isOneOfMany`: a balancer needs a moment to learn that this node goes away, and has others. */
export function readLoad(variables: Variables, isOneOfMany: boolean): LoadConfig {
  return {
    busy: {
      turns: variables.wholeNumber('MAX_TURNS', 1_000, 1, 100_000),
      loopDelay: variables.wholeNumber('MAX_LOOP_DELAY_MS', 500, 0, 60_000),
    },
    drain: {
      delay: variables.wholeNumber('DRAIN_DELAY_MS', isOneOfMany ? 1_000 : 0, 0, 60_000),
      limit: variables.wholeNumber('DRAIN_LIMIT_MS', 10_000, 0, 600_000),
    },
  }
}
