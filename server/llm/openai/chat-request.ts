import type {
  ChatCompletionAssistantMessageParam,
  ChatCompletionCreateParamsStreaming,
  ChatCompletionFunctionTool,
  ChatCompletionMessageParam,
} from 'openai/resources/chat/completions'
import type { ModelMessage, ModelParameters, ModelRequest, ModelStep, ToolDefinition } from '../provider.ts'
import { readable } from '../readable-text.ts'
import { resultsOf } from '../tool-results.ts'
import { systemText } from './system-text.ts'
import { traitsOf, type Traits } from './traits.ts'

/** Tokens of an answer of OpenAI's own models, thinking included; other servers know best what their models have. */
const MAX_TOKENS = 8_192

type Params = ChatCompletionCreateParamsStreaming

/** Our request in the form of Chat Completions. */
export function chatParams(request: ModelRequest, model: string): Params {
  const { tools, mayCall, parameters = {} } = request
  const traits = traitsOf(model)
  return {
    model,
    stream: true,
    stream_options: { include_usage: true },
    messages: messagesOf(request),
    ...limitOf(parameters, traits),
    ...(tools.length > 0 ? { tools: tools.map(toolOf) } : {}),
    ...(tools.length > 0 && !mayCall ? { tool_choice: 'none' } : {}),
    ...effortOf(parameters, traits, tools.length > 0),
    ...(!traits.thinks && parameters.temperature !== undefined
      ? { temperature: parameters.temperature }
      : {}),
  }
}

/** OpenAI's thinking models refuse the old name, and other servers do not all know the new one. */
interface OutputLimit {
  max_completion_tokens?: number
  max_tokens?: number
}

function limitOf({ max_output_tokens }: ModelParameters, { thinks }: Traits): OutputLimit {
  if (thinks) return { max_completion_tokens: max_output_tokens ?? MAX_TOKENS }
  return max_output_tokens === undefined ? {} : { max_tokens: max_output_tokens }
}

function effortOf({ effort }: ModelParameters, traits: Traits, hasTools: boolean): Partial<Params> {
  if (!traits.takesEffort) return {}
  if (hasTools && traits.effortWithTools === 'none') return { reasoning_effort: 'none' }
  if (hasTools && traits.effortWithTools === 'absent') return {}
  return effort === undefined ? {} : { reasoning_effort: effort }
}

/** One system message, then turns in alternation, the first one a user's: some models' templates want it so. */
function messagesOf({ system, messages }: ModelRequest): ChatCompletionMessageParam[] {
  const turns: ChatCompletionMessageParam[] = []
  const prompt = systemText(system)
  if (prompt !== '') turns.push({ role: 'system', content: prompt })
  if (messages[0]?.role !== 'user') turns.push({ role: 'user', content: readable('') })
  let called: ModelStep['calls'] = []
  for (const message of messages) {
    if (message.role === 'tool') turns.push(...toolMessages(message, called))
    else if (message.role === 'assistant' && message.step) {
      called = message.step.calls
      addStep(turns, message.step)
    } else if (message.role === 'user') addText(turns, 'user', readable(message.text))
    else if (message.text.trim() !== '') addText(turns, 'assistant', message.text)
  }
  return turns
}

function addText(turns: ChatCompletionMessageParam[], role: 'user' | 'assistant', text: string): void {
  const last = turns.at(-1)
  if (last?.role === role && typeof last.content === 'string' && !('tool_calls' in last))
    last.content += `\n\n${text}`
  else turns.push({ role, content: text })
}

/** What was said right before it is a part of the same turn. */
function addStep(turns: ChatCompletionMessageParam[], step: ModelStep): void {
  const last = turns.at(-1)
  const before = last?.role === 'assistant' && !('tool_calls' in last) ? last.content : null
  if (typeof before !== 'string') turns.push(stepMessage(step))
  else turns[turns.length - 1] = stepMessage({ ...step, text: `${before}\n\n${step.text}`.trim() })
}

function toolMessages(
  { results }: Extract<ModelMessage, { role: 'tool' }>,
  called: ModelStep['calls'],
): ChatCompletionMessageParam[] {
  return resultsOf(called, results).map(({ call_id, content }) => ({
    role: 'tool',
    tool_call_id: call_id,
    content,
  }))
}

function stepMessage({ text, calls }: ModelStep): ChatCompletionAssistantMessageParam {
  return {
    role: 'assistant',
    content: text.trim() === '' ? null : text,
    tool_calls: calls.map((call) => ({
      id: call.id,
      type: 'function',
      function: { name: call.name, arguments: JSON.stringify(call.arguments ?? {}) },
    })),
  }
}

function toolOf({ name, description, parameters }: ToolDefinition): ChatCompletionFunctionTool {
  return { type: 'function', function: { name, description, parameters: { ...parameters, type: 'object' } } }
}
