import type { ModelCall, NamedModel } from './models.ts'
import type { ModelsContext } from './models-context.ts'
import { OFFLINE } from './offline.ts'
import { costOf } from './pricing.ts'
import type { ModelAnswer, ModelRequest, Usage } from './provider.ts'
import { estimateRequest, estimateTokens } from './tokens.ts'

/** What is known of a call that is over. */
interface Made {
  request: Omit<ModelRequest, 'model'>
  said: string
  /** Undefined: it was broken off. */
  answer: ModelAnswer | undefined
}

/** What a call spent: as the vendor counted it, else by our estimate. A price that nobody knows is told once. */
export function bill({ prices, told, log }: ModelsContext, named: NamedModel, made: Made): ModelCall {
  const { provider, model } = named
  const usage = usageOf(named, made)
  const { usd, known } = costOf(named, usage, prices)
  if (!known && told.first(`price ${provider} ${model}`))
    log?.warn({ provider, model }, 'the price of a model is not known, its cost counts as 0')
  return { provider, model, usage, cost: usd }
}

function usageOf({ provider, model }: NamedModel, { request, said, answer }: Made): Usage {
  const counted = answer?.usage
  if (counted && counted.input + counted.output > 0) return counted
  // Passages of the knowledge are no tokens.
  if (provider === OFFLINE) return { input: 0, output: 0, cached: 0 }
  const calls = answer && answer.calls.length > 0 ? JSON.stringify(answer.calls) : ''
  const output = estimateTokens((answer?.text ?? said) + calls, model)
  return { input: estimateRequest(request, model), output, cached: 0, estimated: true }
}
