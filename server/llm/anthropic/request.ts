import type {
  ContentBlockParam,
  MessageCreateParamsStreaming,
  MessageParam,
  TextBlockParam,
  Tool,
  ToolResultBlockParam,
  ToolUseBlockParam,
} from '@anthropic-ai/sdk/resources/messages'
import { nativeBlocks } from '../native-step.ts'
import type {
  ModelMessage,
  ModelRequest,
  ModelStep,
  SystemPrompt,
  ToolDefinition,
  ToolResult,
} from '../provider.ts'
import { readable } from '../readable-text.ts'
import { resultsOf } from '../tool-results.ts'
import { VENDOR } from './wire.ts'

/** Tokens of one answer, thinking included: it ends in mid-sentence when they are used up. */
const MAX_TOKENS = 8_192

/** For the stable beginning of a request: tools and system prompt are read from the vendor's cache for 5 minutes. */
const CACHED = { cache_control: { type: 'ephemeral' } } as const

type Content = ContentBlockParam[]

/**
 * Our request in the vendor's form. Sampling parameters are left out, since current models refuse them, and thinking
 * is left to the model but for its effort.
 */
export function paramsOf(request: ModelRequest, model: string): MessageCreateParamsStreaming {
  const messages = messagesOf(request.messages, model)
  const system = systemOf(request.system)
  // A conversation with calls in it must define tools, also where nothing may be called any more.
  const tools = request.tools.length > 0 ? toolsOf(request.tools) : calledTools(request.messages)
  const mayCall = request.mayCall && request.tools.length > 0
  const { max_output_tokens, effort } = request.parameters ?? {}
  return {
    model,
    max_tokens: max_output_tokens ?? MAX_TOKENS,
    stream: true,
    ...(system.length > 0 ? { system } : {}),
    messages,
    ...(tools.length > 0 ? { tools } : {}),
    ...(tools.length > 0 && !mayCall ? { tool_choice: { type: 'none' } } : {}),
    ...(effort === undefined ? {} : { output_config: { effort } }),
  }
}

/** The stable part ends where the vendor's cache may end. */
function systemOf({ stable, moment }: SystemPrompt): TextBlockParam[] {
  const blocks: TextBlockParam[] = []
  if (stable.trim() !== '') blocks.push({ type: 'text', text: stable, ...CACHED })
  if (moment.trim() !== '') blocks.push({ type: 'text', text: moment })
  return blocks
}

/** Turns in alternation, the first one a user's: both are wanted. */
function messagesOf(messages: readonly ModelMessage[], model: string): MessageParam[] {
  const turns: { role: 'user' | 'assistant'; content: Content }[] = []
  const add = (role: 'user' | 'assistant', content: Content) => {
    const last = turns.at(-1)
    if (last?.role === role) last.content.push(...content)
    else if (content.length > 0) turns.push({ role, content: [...content] })
  }
  let called: { id: string; name: string }[] = []
  if (messages[0]?.role !== 'user') add('user', [textBlock('')])
  for (const message of messages) {
    if (message.role === 'user') add('user', [textBlock(message.text)])
    else if (message.role === 'tool') add('user', resultsOf(called, message.results).map(resultBlock))
    else if (!message.step) add('assistant', message.text.trim() === '' ? [] : [textBlock(message.text)])
    else {
      const blocks = stepBlocks(message.step, model)
      called = callsIn(blocks)
      add('assistant', blocks)
    }
  }
  return turns
}

function stepBlocks(step: ModelStep, model: string): Content {
  const native = nativeBlocks(step, VENDOR, model) as Content | null
  if (native) return native
  const calls = step.calls.map((call): ToolUseBlockParam => ({
    type: 'tool_use',
    id: call.id,
    name: call.name,
    input: call.arguments ?? {},
  }))
  return step.text.trim() === '' ? calls : [textBlock(step.text), ...calls]
}

function callsIn(blocks: Content): { id: string; name: string }[] {
  return blocks.filter((block) => block.type === 'tool_use')
}

function resultBlock({ call_id, content, failed }: ToolResult): ToolResultBlockParam {
  return { type: 'tool_result', tool_use_id: call_id, content, ...(failed ? { is_error: true } : {}) }
}

/** Blank text is refused. */
function textBlock(text: string): TextBlockParam {
  return { type: 'text', text: readable(text) }
}

function toolsOf(tools: readonly ToolDefinition[]): Tool[] {
  return tools.map(({ name, description, parameters }, index) => ({
    name,
    description,
    input_schema: { ...parameters, type: 'object' },
    ...(index === tools.length - 1 ? CACHED : {}),
  }))
}

/** Definitions for the tools that were called in the past, as far as they are still known: by name. */
function calledTools(messages: readonly ModelMessage[]): Tool[] {
  const steps = messages.flatMap((message) =>
    message.role === 'assistant' && message.step ? [message.step] : [],
  )
  const names = new Set(steps.flatMap((step) => step.calls.map((call) => call.name)))
  return [...names].map((name) => ({ name, input_schema: { type: 'object' } }))
}
