/** Times in milliseconds. */
export interface WorkerLimits {
  /** Until one that died is started again: doubled with each time, up to the longest. */
  restart: { shortest: number; longest: number }
  /** Who served for so long begins anew with the shortest. */
  steady: number
  /** Starts in a row that may fail while nobody serves. */
  tries: number
  /** Between two signs of life, between two looks for them, and how long a worker may give none. */
  alive: number
  look: number
  silent: number
  /** How long one may take until it is loaded. */
  loading: number
  /** How long one may take to end when it was asked to; it has its own limits, which are shorter. */
  drain: number
  /** How long all may take to tell how they are read. */
  measure: number
}

/** All but how long one may take to end, which is the operator's to say. */
export const WORKER_LIMITS: Readonly<Omit<WorkerLimits, 'drain'>> = {
  restart: { shortest: 100, longest: 30_000 },
  steady: 60_000,
  tries: 5,
  alive: 2_000,
  look: 5_000,
  silent: 30_000,
  loading: 120_000,
  measure: 2_000,
}
