import type {
  FunctionTool,
  ResponseCreateParamsStreaming,
  ResponseInputItem,
  ResponseInputText,
} from 'openai/resources/responses/responses'
import { nativeBlocks } from '../native-step.ts'
import type { ModelMessage, ModelRequest, ModelStep, SystemPrompt, ToolDefinition } from '../provider.ts'
import { readable } from '../readable-text.ts'
import { resultsOf } from '../tool-results.ts'
import { VENDOR } from './answer.ts'
import { isStrict } from './strict-schema.ts'
import { systemText } from './system-text.ts'
import { traitsOf } from './traits.ts'

/** Tokens of one answer, thinking included: it ends in mid-sentence when they are used up. */
const MAX_TOKENS = 8_192

/** Our request in the form of the Responses API. The vendor keeps nothing of it (`store`). */
export function responseParams(request: ModelRequest, model: string): ResponseCreateParamsStreaming {
  const { tools, mayCall, parameters = {} } = request
  const { max_output_tokens = MAX_TOKENS, temperature, effort } = parameters
  const { thinks, takesEffort, cachesToMark } = traitsOf(model)
  const input = inputOf(request.messages, model)
  return {
    model,
    stream: true,
    store: false,
    max_output_tokens,
    ...(cachesToMark ? markedPrompt(request, input) : plainPrompt(request, input)),
    ...(tools.length > 0 ? { tools: tools.map(toolOf) } : {}),
    ...(tools.length > 0 && !mayCall ? { tool_choice: 'none' } : {}),
    ...(thinks && takesEffort ? { include: ['reasoning.encrypted_content'] } : {}),
    ...(takesEffort && effort !== undefined ? { reasoning: { effort } } : {}),
    ...(!thinks && temperature !== undefined ? { temperature } : {}),
  }
}

type Prompt = Pick<ResponseCreateParamsStreaming, 'instructions' | 'input' | 'prompt_cache_key'>

function plainPrompt({ system }: ModelRequest, input: ResponseInputItem[]): Prompt {
  const instructions = systemText(system)
  return instructions === '' ? { input } : { instructions, input }
}

/**
 * Without a mark at the end of the stable part, these models would find a prompt in their cache only where the whole
 * of it came before: each conversation would pay for all of the stable part. `instructions` can hold no mark.
 */
function markedPrompt({ system, client_id }: ModelRequest, input: ResponseInputItem[]): Prompt {
  const content = markedBlocks(system)
  if (content.length === 0) return { input }
  return { input: [{ role: 'developer', content }, ...input], prompt_cache_key: client_id }
}

function markedBlocks({ stable, moment }: SystemPrompt): ResponseInputText[] {
  const blocks: ResponseInputText[] = []
  if (stable.trim() !== '')
    blocks.push({ type: 'input_text', text: stable, prompt_cache_breakpoint: { mode: 'explicit' } })
  if (moment.trim() !== '') blocks.push({ type: 'input_text', text: moment })
  return blocks
}

function inputOf(messages: readonly ModelMessage[], model: string): ResponseInputItem[] {
  let called: { id: string; name: string }[] = []
  return messages.flatMap((message): ResponseInputItem[] => {
    if (message.role === 'user') return [{ role: 'user', content: readable(message.text) }]
    if (message.role === 'tool')
      return resultsOf(called, message.results).map(({ call_id, content }) => ({
        type: 'function_call_output',
        call_id,
        output: content,
      }))
    if (!message.step) return said(message.text)
    const items = stepItems(message.step, model)
    called = callsIn(items)
    return items
  })
}

function said(text: string): ResponseInputItem[] {
  return text.trim() === '' ? [] : [{ role: 'assistant', content: text }]
}

function stepItems(step: ModelStep, model: string): ResponseInputItem[] {
  const native = nativeBlocks(step, VENDOR, model) as ResponseInputItem[] | null
  if (native) return native
  const calls = step.calls.map((call): ResponseInputItem => ({
    type: 'function_call',
    call_id: call.id,
    name: call.name,
    arguments: JSON.stringify(call.arguments ?? {}),
  }))
  return [...said(step.text), ...calls]
}

function callsIn(items: readonly ResponseInputItem[]): { id: string; name: string }[] {
  return items
    .filter((item) => item.type === 'function_call')
    .map(({ call_id, name }) => ({ id: call_id, name }))
}

/** `strict` must be said: without it the vendor rewrites the schema until it is. */
function toolOf({ name, description, parameters }: ToolDefinition): FunctionTool {
  const schema = { ...parameters, type: 'object' }
  return { type: 'function', name, description, parameters: schema, strict: isStrict(schema) }
}
