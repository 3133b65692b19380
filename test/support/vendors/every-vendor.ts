import type { Provider } from '../../../server/llm/provider.ts'
import { AnthropicStandIn } from './anthropic.ts'
import type { LimitChanges } from './asking.ts'
import { claudeAt } from './claude.ts'
import type { AnyStandIn } from './stand-in.ts'

/** A vendor as those tests see it that hold for all of them. */
export interface Vendor {
  name: string
  start: () => Promise<AnyStandIn>
  /** The vendor's provider, asking the stand-in at this address. */
  providerAt: (url: string, changes?: LimitChanges) => Provider
}

/** Every vendor that a provider exists for. */
export const EVERY_VENDOR: readonly Vendor[] = [
  { name: 'Claude', start: () => AnthropicStandIn.start(), providerAt: claudeAt },
]
