import type { NativeStep } from '../native-step.ts'
import type { CountedUsage, ModelAnswer, ModelRequest, StopReason, ToolCall } from '../provider.ts'
import { refusalWords } from '../refusal-words.ts'

/** Whose blocks a stored step holds. */
export const VENDOR = 'openai'

/** What one request came to, over either API. */
export interface Part {
  text: string
  calls: ToolCall[]
  stop: StopReason
  usage: CountedUsage
  /** As they go back to the vendor; empty where its API wants nothing of the kind. */
  items: readonly unknown[]
}

interface Asked {
  request: ModelRequest
  model: string
  say: (text: string) => void
}

/** The answer. A refusal without a word is put into words here: the vendor gives none. */
export function answerOf(part: Part, { request, model, say }: Asked): ModelAnswer {
  const { calls, stop, usage, items } = part
  let { text } = part
  if (stop === 'refusal' && text.trim() === '') {
    const words = refusalWords(request)
    say(words)
    text += words
  }
  const native: NativeStep = { vendor: VENDOR, model, blocks: [...items] }
  return { text, calls, stop, usage, ...(stop === 'tools' && items.length > 0 ? { native } : {}) }
}
