import { createOllama, OLLAMA_LIMITS, type OllamaLimits } from '../../../server/llm/ollama/index.ts'
import type { Provider } from '../../../server/llm/provider.ts'
import { quickLimits, type LimitChanges } from './asking.ts'

/** What a test may change of an Ollama. */
export type OllamaChanges = LimitChanges & { model?: string | null } & Partial<
    Pick<OllamaLimits, 'look' | 'loaded'>
  >

/** Ollama as a server has it, asking the stand-in at this address; repetitions come at once. */
export function ollamaAt(url: string, changes: OllamaChanges = {}): Provider {
  const { model = 'qwen3:8b', look = OLLAMA_LIMITS.look, loaded = OLLAMA_LIMITS.loaded, ...rest } = changes
  const limits = quickLimits({ ...rest, time: { ...OLLAMA_LIMITS.time, ...rest.time } })
  return createOllama({ host: url, model }, { ...limits, look, loaded })
}
