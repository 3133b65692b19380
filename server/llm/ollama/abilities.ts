import type { ModelParameters } from '../provider.ts'
import type { WireDescription } from './wire.ts'

/** What `think` of a request may be, as far as we use it. */
export type Thinking = boolean | NonNullable<ModelParameters['effort']>

/** What a model can do. */
export interface Abilities {
  chats: boolean
  /** Takes functions natively. */
  calls: boolean
  /** How much it can be told to think; empty: nothing is known about that. */
  thinks: readonly Thinking[]
  /** Tokens that it was made to read; null where unknown. */
  context: number | null
}

const THINKING: readonly unknown[] = [true, false, 'low', 'medium', 'high'] satisfies Thinking[]

/** What a model's description says that it can. */
export function abilitiesOf({ capabilities, template, thinking, model_info }: WireDescription): Abilities {
  // Servers of before 2025 name no capabilities; where functions stand in the prompt, the model takes them.
  const named = capabilities ?? (/\.Tools\b/.test(template ?? '') ? ['completion', 'tools'] : ['completion'])
  return {
    ...namedAbilities(named),
    thinks: (thinking?.values ?? []).filter((value): value is Thinking => THINKING.includes(value)),
    context: contextOf(model_info ?? {}),
  }
}

/** The part of the abilities that the list of models tells already. */
export function namedAbilities(capabilities: readonly string[]): Pick<Abilities, 'chats' | 'calls'> {
  return { chats: capabilities.includes('completion'), calls: capabilities.includes('tools') }
}

function contextOf(info: Record<string, unknown>): number | null {
  const context = info[`${String(info['general.architecture'])}.context_length`]
  return typeof context === 'number' && context > 0 ? context : null
}
