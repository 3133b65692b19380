import type { Config } from '../config/config.ts'

/** Where a worker serves, and on which engine. */
export interface Serving {
  url: string
  engine: string
}

/** What a parent says to a worker. */
export type ToWorker =
  | { kind: 'begin'; worker: number; config: Config }
  | { kind: 'drain' }
  /** Asks how it is read; it answers with `measured`. */
  | { kind: 'measure'; round: number }
  /** How all of them are read, for who had asked under that number. */
  | { kind: 'measured'; round: number; text: string }

/** What a worker says to its parent. */
export type FromWorker =
  /** It is loaded, and takes `begin`. */
  | { kind: 'here' }
  | { kind: 'alive' }
  | ({ kind: 'serving' } & Serving)
  /** It is about to end. `told`: for a reason that the operator can mend, in one line. */
  | { kind: 'failed'; reason: string; told: boolean }
  | { kind: 'measure'; round: number }
  | { kind: 'measured'; round: number; text: string }
