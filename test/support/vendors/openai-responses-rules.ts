import type {
  FunctionTool,
  ResponseCreateParamsStreaming,
  ResponseInputItem,
} from 'openai/resources/responses/responses'
import {
  knowsBreakpoints,
  refusesSampling,
  unknownParameter,
  UNSUPPORTED,
  whyFunctionInvalid,
} from './openai-models.ts'

/** A body as it may come: what must be true of it is looked at here. */
export type ResponseBody = Omit<ResponseCreateParamsStreaming, 'stream' | 'tools' | 'input'> & {
  model: string
  stream?: boolean
  input: ResponseInputItem[]
  tools?: FunctionTool[]
}

const PARAMETERS = [
  ...['model', 'stream', 'store', 'input', 'instructions', 'max_output_tokens', 'tools', 'tool_choice'],
  ...['include', 'reasoning', 'temperature', 'prompt_cache_key'],
]

/** Why the Responses API would refuse this body, in its words; null when it takes it. */
export function whyResponseInvalid(body: ResponseBody): string | null {
  const { model, input, include, reasoning, max_output_tokens: most } = body
  const unknown = unknownParameter(body, PARAMETERS)
  if (unknown) return unknown
  if (!body.stream || body.store !== false) return 'stream and store: not as this test wants them'
  if (!Array.isArray(input) || input.length === 0) return "Missing required parameter: 'input'."
  if (typeof most === 'number' && most < 16)
    return "Invalid 'max_output_tokens': integer below minimum value."
  if (refusesSampling(model)) {
    if ('temperature' in body) return UNSUPPORTED('temperature')
  } else if (include?.includes('reasoning.encrypted_content')) {
    return 'Encrypted content is not supported with this model.'
  } else if (reasoning && /^gpt-[34]/.test(model)) return UNSUPPORTED('reasoning.effort')
  if (!knowsBreakpoints(model) && JSON.stringify(input).includes('prompt_cache_breakpoint'))
    return UNSUPPORTED('prompt_cache_breakpoint')
  return whyItemsInvalid(input) ?? whyToolsInvalid(body)
}

function whyItemsInvalid(input: readonly ResponseInputItem[]): string | null {
  const called = new Set<string>()
  for (const [index, item] of input.entries()) {
    const wrong = whyItemInvalid(item, input[index + 1], called)
    if (wrong) return wrong
    if (item.type === 'function_call') called.add(item.call_id)
  }
  const answered = new Set(input.map((item) => (item.type === 'function_call_output' ? item.call_id : '')))
  const open = [...called].find((id) => !answered.has(id))
  return open === undefined ? null : `No tool output found for function call ${open}.`
}

function whyItemInvalid(
  item: ResponseInputItem,
  next: ResponseInputItem | undefined,
  called: ReadonlySet<string>,
): string | null {
  switch (item.type) {
    case 'function_call_output':
      return called.has(item.call_id)
        ? null
        : `No tool call found for function call output with call_id ${item.call_id}.`
    case 'function_call':
      return item.call_id.length > 64 || typeof item.arguments !== 'string'
        ? `Invalid 'input': call ${item.name}`
        : null
    case 'reasoning':
      if (!item.encrypted_content)
        return `Item with id '${item.id}' not found. Items are not persisted when \`store\` is set to false.`
      return !next || !['message', 'function_call', 'reasoning'].includes(next.type ?? '')
        ? `Item '${item.id}' of type 'reasoning' was provided without its required following item.`
        : null
    case 'message':
    case undefined:
      return 'role' in item ? whyMessageInvalid(item) : 'Invalid input item'
    default:
      return `Invalid value: '${item.type}'.`
  }
}

function whyMessageInvalid({ role, content }: { role: string; content: unknown }): string | null {
  if (!['user', 'assistant', 'system', 'developer'].includes(role)) return `Invalid value: '${role}'.`
  if (typeof content === 'string') return null
  const kinds = role === 'assistant' ? ['output_text', 'refusal'] : ['input_text']
  const wrong = (content as { type: string }[]).find(({ type }) => !kinds.includes(type))
  return wrong ? `Invalid value: '${wrong.type}'. Supported values are: '${kinds.join("', '")}'.` : null
}

function whyToolsInvalid({ tools = [], tool_choice }: ResponseBody): string | null {
  if (tool_choice && tools.length === 0) return 'Tool choice is only allowed when tools are specified.'
  for (const tool of tools) {
    const wrong = whyFunctionInvalid(tool)
    if (wrong) return wrong
    // Without it the vendor would hold the model to a schema that was not meant so.
    if (typeof tool.strict !== 'boolean') return `Missing required parameter: 'tools[0].strict'.`
    if (tool.strict && !isClosed(tool.parameters))
      return `Invalid schema for function '${tool.name}': 'additionalProperties' is required to be supplied and to be false.`
  }
  return null
}

function isClosed(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true
  const { type, properties, required, additionalProperties } = value as Record<string, object | string>
  if (type === 'object') {
    const names = Object.keys(properties ?? {})
    if ((additionalProperties as unknown) !== false) return false
    if (names.some((name) => !(required as string[] | undefined)?.includes(name))) return false
  }
  return Object.values(value).every(isClosed)
}
