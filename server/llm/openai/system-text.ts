import type { SystemPrompt } from '../provider.ts'

/** The system prompt as one text, the stable part first: what is the same at the beginning can be kept in a cache. */
export function systemText({ stable, moment }: SystemPrompt): string {
  return [stable, moment].filter((text) => text.trim() !== '').join('\n\n')
}
