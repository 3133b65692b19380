import { createClaude } from '../../../server/llm/anthropic/index.ts'
import type { Provider } from '../../../server/llm/provider.ts'
import { GOOD_KEY } from './anthropic.ts'
import { quickLimits, type LimitChanges } from './asking.ts'

/** Claude as a server has it, asking the stand-in at this address; repetitions come at once. */
export function claudeAt(url: string, changes: LimitChanges & { apiKey?: string } = {}): Provider {
  const { apiKey = GOOD_KEY, ...limits } = changes
  return createClaude({ apiKey, baseUrl: url, model: 'claude-haiku-5-5' }, quickLimits(limits))
}
