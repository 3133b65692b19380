import { LRUCache } from 'lru-cache'
import {
  BREAKER_LIMITS,
  CircuitBreaker,
  type BreakerLimits,
  type BreakerState,
  type Pass,
} from '../infra/circuit-breaker.ts'
import type { Logger } from '../infra/logger.ts'
import type { NamedModel } from './models.ts'
import type { ProviderError } from './provider.ts'

/** Models, and vendors, that are remembered: clients may name any. */
const MOST = 200

/** The way of one call to a model. Exactly one of the last three is said. */
export type ModelPass = Omit<Pass, 'failed'> & { failed(error: ProviderError): void }

/** A vendor (`model` null) or one of its models, and whether calls get through. */
export interface BreakerReading {
  provider: string
  model: string | null
  state: BreakerState
}

/**
 * Keeps calls away from models that do not answer. A vendor whom nobody reaches is out with all its models; whatever
 * else fails is a matter of the one model, since vendors limit and overload model by model. What a vendor refuses is no
 * failure here: it answered, and what it refuses may be this one request (docs/decisions).
 */
export class Breakers {
  readonly #log: Logger | undefined
  readonly #limits: BreakerLimits
  readonly #all = new LRUCache<string, { name: Omit<BreakerReading, 'state'>; breaker: CircuitBreaker }>({
    max: MOST,
  })

  constructor(log?: Logger, limits: BreakerLimits = BREAKER_LIMITS) {
    this.#log = log
    this.#limits = limits
  }

  /** Whether a call would get through now. */
  lets({ provider, model }: NamedModel): boolean {
    return this.#of(provider, null).lets && this.#of(provider, model).lets
  }

  /** Milliseconds until one may. */
  pauseLeft({ provider, model }: NamedModel): number {
    return Math.max(this.#of(provider, null).pauseLeft, this.#of(provider, model).pauseLeft)
  }

  /** Lets a call through; null: it is refused. */
  enter({ provider, model }: NamedModel): ModelPass | null {
    const vendor = this.#of(provider, null).enter()
    if (!vendor) return null
    const own = this.#of(provider, model).enter()
    if (own) return joined(vendor, own)
    vendor.abandoned()
    return null
  }

  /** Those that were used lately. */
  read(): BreakerReading[] {
    return [...this.#all.values()].map(({ name, breaker }) => ({ ...name, state: breaker.state }))
  }

  #of(provider: string, model: string | null): CircuitBreaker {
    const key = model === null ? provider : `${provider} ${model}`
    const known = this.#all.get(key)
    if (known) return known.breaker
    const name = { provider, model }
    const breaker = new CircuitBreaker({
      limits: this.#limits,
      onChange: (state, pause) => {
        if (state === 'closed') this.#log?.info(name, 'model answers again')
        else this.#log?.warn({ ...name, for_ms: Math.round(pause) }, 'model left alone for a while')
      },
    })
    this.#all.set(key, { name, breaker })
    return breaker
  }
}

function joined(vendor: Pass, model: Pass): ModelPass {
  return {
    alive: () => {
      vendor.alive()
      model.alive()
    },
    succeeded: () => {
      vendor.succeeded()
      model.succeeded()
    },
    failed: ({ code, retryAfterMs }) => {
      if (code === 'unreachable') {
        vendor.failed(retryAfterMs)
        model.abandoned()
        return
      }
      vendor.succeeded()
      if (code === 'rejected') model.succeeded()
      else model.failed(retryAfterMs)
    },
    abandoned: () => {
      vendor.abandoned()
      model.abandoned()
    },
  }
}
