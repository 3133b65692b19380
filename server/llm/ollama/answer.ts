import type { NativeStep } from '../native-step.ts'
import type { ModelAnswer, ModelRequest, StopReason, Usage } from '../provider.ts'
import { estimateRequest, estimateTokens } from '../tokens.ts'
import type { Part } from './chat-reader.ts'
import { VENDOR } from './wire.ts'

/** One answer as ours. Calls where none were allowed are passed over. */
export function answerOf(part: Part, request: ModelRequest, model: string): ModelAnswer {
  const { text, thinking } = part
  const calls = request.mayCall ? part.calls : []
  const stop = stopOf(part.last.done_reason, calls.length > 0)
  const native: NativeStep = { vendor: VENDOR, model, blocks: [thinking] }
  return {
    text,
    calls,
    stop,
    usage: usageOf(part, request),
    ...(stop === 'tools' && thinking !== '' ? { native } : {}),
  }
}

function stopOf(reason: string | undefined, calls: boolean): StopReason {
  if (reason === 'length') return 'length'
  return calls ? 'tools' : 'end'
}

/** What was counted. A count that is missing, as in answers of older servers from their cache, is estimated. */
function usageOf({ last, text, thinking, calls }: Part, request: ModelRequest): Usage {
  const { prompt_eval_count: input, eval_count: output, prompt_eval_cached_count: cached = 0 } = last
  if (input !== undefined && output !== undefined) return { input, output, cached }
  return {
    input: input ?? estimateRequest(request),
    output: output ?? estimateTokens(text + thinking + (calls.length > 0 ? JSON.stringify(calls) : '')),
    cached,
    estimated: true,
  }
}
