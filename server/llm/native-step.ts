import type { ModelStep } from './provider.ts'

/** What `ModelStep.native` holds: the parts of an answer, to be sent back as they came. */
export interface NativeStep {
  vendor: string
  /** Thinking is understood by the model that thought it, and by no other. */
  model: string
  blocks: unknown[]
}

/** The blocks of a step that this model itself took, else null: another vendor's or model's step is told in words. */
export function nativeBlocks({ native }: ModelStep, vendor: string, model: string): unknown[] | null {
  if (typeof native !== 'object' || native === null) return null
  const step = native as Partial<NativeStep>
  return step.vendor === vendor && step.model === model && Array.isArray(step.blocks) ? step.blocks : null
}
