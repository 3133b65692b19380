import type { ModelStep } from '../provider.ts'
import type { WireBlock } from './wire.ts'

/** What `ModelStep.native` holds of an answer of Claude: its blocks, to be sent back as they came. */
export interface NativeStep {
  vendor: 'anthropic'
  /** Thinking is understood by the model that thought it, and by no other. */
  model: string
  blocks: WireBlock[]
}

/** The blocks of a step that this model itself took, else null: another vendor's or model's step is told in words. */
export function nativeBlocks({ native }: ModelStep, model: string): WireBlock[] | null {
  if (typeof native !== 'object' || native === null) return null
  const step = native as Partial<NativeStep>
  return step.vendor === 'anthropic' && step.model === model && Array.isArray(step.blocks)
    ? step.blocks
    : null
}
