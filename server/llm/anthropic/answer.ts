import type { NativeStep } from '../native-step.ts'
import type { ModelAnswer, ModelRequest, StopReason, Usage } from '../provider.ts'
import { refusalWords } from '../refusal-words.ts'
import type { Part } from './events.ts'
import { VENDOR } from './wire.ts'

interface Asked {
  request: ModelRequest
  model: string
  say: (text: string) => void
}

/** The parts of one answer joined. A refusal without a word is put into words here: the vendor gives none. */
export function answerOf(parts: readonly Part[], { request, model, say }: Asked): ModelAnswer {
  const calls = parts.flatMap((part) => part.calls)
  const stop = stopOf(parts.at(-1)?.stopReason ?? null, calls.length > 0)
  let text = parts.map((part) => part.text).join('')
  if (stop === 'refusal' && text.trim() === '') {
    const words = refusalWords(request)
    say(words)
    text += words
  }
  const native: NativeStep = {
    vendor: VENDOR,
    model,
    blocks: parts.flatMap((part) => part.blocks),
  }
  return { text, calls, stop, usage: total(parts), ...(stop === 'tools' ? { native } : {}) }
}

function stopOf(reason: string | null, calls: boolean): StopReason {
  switch (reason) {
    case 'tool_use':
      return calls ? 'tools' : 'end'
    case 'max_tokens':
    case 'model_context_window_exceeded':
      return 'length'
    case 'refusal':
      return 'refusal'
    default:
      return 'end'
  }
}

function total(parts: readonly Part[]): Usage {
  const sum = { input: 0, output: 0, cached: 0, written: 0 }
  for (const { usage } of parts) {
    sum.input += usage.input
    sum.output += usage.output
    sum.cached += usage.cached
    sum.written += usage.written
  }
  return sum
}
