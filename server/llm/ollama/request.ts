import type { ChatRequest, Tool } from 'ollama'
import type { ModelParameters, ModelRequest, ToolDefinition } from '../provider.ts'
import { estimateRequest } from '../tokens.ts'
import type { Abilities, Thinking } from './abilities.ts'
import type { ContextSizes } from './context-size.ts'
import { messagesOf } from './messages.ts'
import { nativeForm } from './native-form.ts'
import { PROMPTED_FORM } from './prompted/form.ts'
import type { WireMessage } from './wire.ts'

/** Tokens of one answer, thinking included: without a limit a small model may go round in circles for ever. */
const MAX_TOKENS = 4_096

/** Local models make more tokens of a text than our estimate, above all of Hebrew. What does not fit is forgotten. */
const ESTIMATE_FACTOR = 1.5

/** Where a request goes, and what is known about it. */
export interface Destination {
  model: string
  abilities: Abilities
  sizes: ContextSizes
  /** How long the model is to stay loaded after the answer. */
  loadedMs: number
}

/** Our request in Ollama's form. */
export function chatRequestOf(request: ModelRequest, to: Destination): ChatRequest & { stream: true } {
  const { abilities, model } = to
  const { max_output_tokens = MAX_TOKENS, temperature, effort, context_tokens } = request.parameters ?? {}
  const messages = messagesOf(request, abilities.calls ? nativeForm(model) : PROMPTED_FORM)
  // There is no way to forbid calls but to offer none.
  const tools = abilities.calls && request.mayCall ? request.tools.map(toolOf) : []
  const num_ctx = to.sizes.choose(model, {
    needed: Math.ceil(estimateRequest(request) * ESTIMATE_FACTOR) + max_output_tokens,
    wanted: context_tokens,
    most: abilities.context,
  })
  const think = thinkOf(effort, abilities.thinks)
  return {
    model,
    stream: true,
    messages: messages satisfies WireMessage[],
    ...(tools.length > 0 ? { tools } : {}),
    ...(think === undefined ? {} : { think }),
    keep_alive: Math.ceil(to.loadedMs / 1_000),
    options: {
      num_ctx,
      num_predict: max_output_tokens,
      ...(temperature === undefined ? {} : { temperature }),
    },
  }
}

function toolOf({ name, description, parameters }: ToolDefinition): Tool {
  return { type: 'function', function: { name, description, parameters: { ...parameters, type: 'object' } } }
}

/** The effort as the model knows it: by name, or as thinking or not. What it does not know is left to the model. */
function thinkOf(effort: ModelParameters['effort'], known: readonly Thinking[]): Thinking | undefined {
  if (effort === undefined || known.includes(effort)) return effort
  const think = effort !== 'low'
  return known.includes(think) ? think : undefined
}
