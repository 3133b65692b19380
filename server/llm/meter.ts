import type { BreakerReading } from './breakers.ts'
import type { ModelCall, NamedModel } from './models.ts'
import type { ProviderFault } from './provider.ts'

/** Why a call of a model failed; `aborted` by who asked, `internal`: by a fault of our own. */
export type CallFault = ProviderFault | 'aborted' | 'internal'

/** One call of a model that is over. */
export interface MeteredCall extends NamedModel {
  /** Null: it answered. */
  fault: CallFault | null
  /** Null: it was for nothing. */
  spent: ModelCall | null
  /** Milliseconds until the first word; null: there was none. */
  firstWordMs: number | null
  totalMs: number
}

/** Counts what models are asked, and how that goes. */
export interface ModelMeter {
  asked(call: MeteredCall): void
  /** A model failed without a word, and the next one was asked. */
  fellBack(from: NamedModel, fault: ProviderFault): void
  /** Where to read the breakers. */
  watch(read: () => BreakerReading[]): void
}
