import { askRoute } from './ask-route.ts'
import { Breakers } from './breakers.ts'
import { soleProvider, type Installation } from './installation.ts'
import type { ModelAnswer, ModelRequest, Provider, Usage } from './provider.ts'
import type { ModelsContext, ModelsParts } from './models-context.ts'
import { Once } from './once.ts'
import { PATIENCE } from './patience.ts'
import { routeFor, smallModelOf } from './route.ts'
import type { WireExchange } from './wire-log.ts'

/** A model of a provider; where none is named, the provider's default. */
export interface ModelChoice {
  provider: string
  model?: string
}

/** Which models a client wants; null or empty: as the installation has it. */
export interface ModelWishes {
  provider: string | null
  model: string | null
  fallbacks: readonly ModelChoice[]
}

/** One model that can be asked. */
export type NamedModel = Required<ModelChoice>

/** Models in the order in which they are asked: each only when those before it failed without a word. Never empty. */
export type Route = readonly [NamedModel, ...NamedModel[]]

/** What one call of a model spent, whatever became of it. */
export interface ModelCall extends NamedModel {
  usage: Usage
  /** US dollars. */
  cost: number
}

/** What is heard of an answer while it is made. Nothing is heard once the promise of `ask` has settled. */
export interface Hearing {
  /** A piece of visible text. */
  text(piece: string): void
  /** A call has ended, answered or not, and was not for nothing. */
  spent(call: ModelCall): void
  /** Where it is wanted: a call has ended, with everything that is known of it. */
  traced?(call: TracedCall): void
}

/** One call of a model in every detail. */
export interface TracedCall extends NamedModel {
  request: Omit<ModelRequest, 'model'>
  answer: ModelAnswer | null
  /** What went wrong: the code, and the vendor's reason where there is one. */
  fault: string | null
  /** Empty where it failed before it was answered, or goes over no wire. */
  wire: WireExchange[]
  spent: ModelCall | null
  /** Milliseconds until the first word and until the end. */
  firstWordMs: number | null
  totalMs: number
}

/** All models of the installation as one. */
export interface Models {
  /** Who is to answer a client with these wishes. */
  route(wishes: ModelWishes): Route
  /** The cheapest model that can sum a conversation up on this route; null where none can. */
  small(route: Route): NamedModel | null
  /**
   * Asks the models of a route until one answers: the next one only where those before it failed without a word, and
   * without a pause between. Models that did not answer lately are passed over, and where there is no other, it fails
   * at once as `overloaded`. Rejects with the last `ProviderError`, or with the signal's reason when aborted.
   */
  ask(
    route: Route,
    request: Omit<ModelRequest, 'model'>,
    hearing: Hearing,
    signal: AbortSignal,
  ): Promise<ModelAnswer>
}

/** A single provider as the whole installation. */
export function createModels(provider: Provider, parts: ModelsParts = {}): Models {
  return modelsOf(soleProvider(provider), parts)
}

/** The models of an installation. */
export function modelsOf(installation: Installation, parts: ModelsParts = {}): Models {
  const { log, meter, prices = new Map(), breakerLimits, patience = PATIENCE } = parts
  const breakers = new Breakers(log, breakerLimits)
  const context: ModelsContext = { installation, breakers, log, meter, prices, patience, told: new Once() }
  meter?.watch(() => breakers.read())
  return {
    route: (wishes) => routeFor(context, wishes),
    small: (route) => smallModelOf(context, route),
    ask: (route, request, hearing, signal) => askRoute(context, { route, request, hearing }, signal),
  }
}
