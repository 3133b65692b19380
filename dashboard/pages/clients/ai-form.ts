import type { AiChangesBody, AiTold } from '../../../protocol/client-ai.ts'
import { changesBetween } from '../../parts/changes.ts'

type Settings = AiTold['settings']

/** What the form about a client's AI holds: texts as they are typed; empty is as the installation has it. */
export function aiValues({ settings }: Pick<AiTold, 'settings'>) {
  const { provider = '', model = '', fallbacks = [], parameters = {}, prompt = '', tone = '' } = settings
  return {
    ...{ provider, model, prompt, tone, language: settings.language ?? '' },
    fallbacks: fallbacks.map(({ provider, model = '' }) => ({ provider, model })),
    max_output_tokens: String(parameters.max_output_tokens ?? ''),
    temperature: String(parameters.temperature ?? ''),
    effort: parameters.effort ?? '',
    context_tokens: String(parameters.context_tokens ?? ''),
    knowledge: settings.knowledge ?? true,
    cache: settings.cache ?? true,
  } as const
}

export type AiValues = { -readonly [K in keyof ReturnType<typeof aiValues>]: ReturnType<typeof aiValues>[K] }

/** What these fields take; `whole`: nothing behind the point. */
export const NUMBERS = {
  max_output_tokens: { least: 256, most: 32_768, whole: true },
  temperature: { least: 0, most: 2, whole: false },
  context_tokens: { least: 2_048, most: 1_048_576, whole: true },
} as const

/** Whether the text is empty, or a number that the field takes. */
export function isNumberFor(name: keyof typeof NUMBERS, text: string): boolean {
  const { least, most, whole } = NUMBERS[name]
  const value = Number(text)
  return text === '' || (value >= least && value <= most && (!whole || Number.isInteger(value)))
}

/** What makes of the values that are kept those that are wanted. */
export function aiChanges(kept: AiValues, wanted: AiValues): AiChangesBody {
  const changes = changesBetween(kept, wanted)
  const { max_output_tokens, temperature, effort, context_tokens, fallbacks, ...rest } = changes
  const parameters = {
    ...(max_output_tokens !== undefined && { max_output_tokens: numberOf(max_output_tokens) }),
    ...(temperature !== undefined && { temperature: numberOf(temperature) }),
    ...(effort !== undefined && { effort: effort as NonNullable<Settings['parameters']>['effort'] | null }),
    ...(context_tokens !== undefined && { context_tokens: numberOf(context_tokens) }),
  }
  return {
    ...rest,
    ...(Object.keys(parameters).length > 0 && { parameters }),
    ...(fallbacks !== undefined && { fallbacks: wanted.fallbacks.map(choice) }),
  } as AiChangesBody
}

function choice({ provider, model }: { provider: string; model: string }) {
  return model.trim() === '' ? { provider } : { provider, model: model.trim() }
}

function numberOf(text: unknown): number | null {
  return text === null ? null : Number(text)
}
