import type { PriceTable } from '../config/prices.ts'
import type { BreakerLimits } from '../infra/circuit-breaker.ts'
import type { Logger } from '../infra/logger.ts'
import type { Breakers } from './breakers.ts'
import type { Installation } from './installation.ts'
import type { ModelMeter } from './meter.ts'
import type { Once } from './once.ts'
import type { Patience } from './patience.ts'

/** What models are made with, beside the installation. Whatever is left out is as usual, or not told. */
export interface ModelsParts {
  log?: Logger
  meter?: ModelMeter
  /** The operator's own prices. */
  prices?: PriceTable
  breakerLimits?: BreakerLimits
  patience?: Patience
}

/** What asking models needs; made once. */
export interface ModelsContext {
  installation: Installation
  breakers: Breakers
  log: Logger | undefined
  meter: ModelMeter | undefined
  prices: PriceTable
  patience: Patience
  /** What was told already, and is not told again. */
  told: Once
}
