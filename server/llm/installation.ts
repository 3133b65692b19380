import type { ModelChoice } from './models.ts'
import type { Provider } from './provider.ts'

/** Where a model stands in the route that is asked. */
export interface Place {
  /** Others failed before it. */
  standsIn: boolean
  /** A model behind it would answer as well: it is not worth being patient. */
  hasty: boolean
}

/** The providers that are there, and who is asked where a client wishes nothing else. */
export interface Installation {
  readonly main: ModelChoice
  /** Who is asked, one after the other, when the first fails without a word. */
  readonly fallbacks: readonly ModelChoice[]
  /** Who sums conversations up; null: the small model of whoever answers. */
  readonly summaries: ModelChoice | null
  /** The model of a provider where none is named; null: the provider is not known, or not configured. */
  defaultModel(provider: string): string | null
  /** Null: not known, or not configured. */
  provider(name: string, place: Place): Provider | null
}

/** One provider and nothing else. */
export function soleProvider(provider: Provider): Installation {
  const named = <T>(name: string, value: T) => (name === provider.name ? value : null)
  return {
    main: { provider: provider.name },
    fallbacks: [],
    summaries: null,
    defaultModel: (name) => named(name, provider.defaultModel),
    provider: (name) => named(name, provider),
  }
}
