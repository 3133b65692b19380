import type { ModelStep } from '../provider.ts'

/** What `ModelStep.native` holds of an answer of Ollama. */
export interface NativeStep {
  vendor: 'ollama'
  model: string
  thinking: string
}

/** What this model itself thought before it called, else nothing: it is of no use to another one. */
export function thinkingOf({ native }: ModelStep, model: string): string {
  if (typeof native !== 'object' || native === null) return ''
  const { vendor, model: thinker, thinking } = native as Partial<NativeStep>
  return vendor === 'ollama' && thinker === model && typeof thinking === 'string' ? thinking : ''
}
