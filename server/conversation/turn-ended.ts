import type { AnswerStatus } from '../../protocol/records.ts'
import type { TurnFailure } from '../../protocol/widget.ts'
import type { Address } from './publisher.ts'

/** A turn whose end this process has committed, and told. */
export interface TurnEnded {
  to: Address
  turn: number
  status: AnswerStatus
  /** Why it failed, where it did. */
  failure: TurnFailure | null
  /** How often the function failed that failed most; our own do not count. */
  failedCalls: number
}

/**
 * Hears of each, after the visitor has. Lost where the process dies in between: nothing may depend on it that must
 * happen. It neither throws nor waits.
 */
export type OnTurnEnded = (ended: TurnEnded) => void
