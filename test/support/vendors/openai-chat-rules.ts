import type {
  ChatCompletionCreateParamsStreaming,
  ChatCompletionFunctionTool,
  ChatCompletionMessageParam,
} from 'openai/resources/chat/completions'
import {
  knowsBreakpoints,
  refusesSampling,
  unknownParameter,
  UNSUPPORTED,
  whyFunctionInvalid,
} from './openai-models.ts'

/** A body as it may come: what must be true of it is looked at here. */
export type ChatBody = Omit<ChatCompletionCreateParamsStreaming, 'stream' | 'tools'> & {
  stream?: boolean
  tools?: ChatCompletionFunctionTool[]
}

const PARAMETERS = [
  ...['model', 'stream', 'stream_options', 'messages', 'max_tokens', 'max_completion_tokens', 'tools'],
  ...['tool_choice', 'reasoning_effort', 'temperature'],
]

/** Why Chat Completions would refuse this body, in its words; null when it takes it. */
export function whyChatInvalid(body: ChatBody): string | null {
  const { model, tools = [], tool_choice, reasoning_effort } = body
  const unknown = unknownParameter(body, PARAMETERS)
  if (unknown) return unknown
  if (!body.stream) return 'stream: not as this test wants it'
  if (refusesSampling(model)) {
    if ('temperature' in body) return UNSUPPORTED('temperature')
    if ('max_tokens' in body) return `${UNSUPPORTED('max_tokens')} Use 'max_completion_tokens' instead.`
  } else if ('max_completion_tokens' in body) return UNSUPPORTED('max_completion_tokens')
  if (tools.length > 0 && knowsBreakpoints(model) && reasoning_effort !== 'none')
    return `Function tools with reasoning_effort are not supported for ${model} in /v1/chat/completions.`
  if (reasoning_effort && /^gpt-[34]/.test(model))
    return 'Unrecognized request argument supplied: reasoning_effort'
  if (tool_choice && tools.length === 0) return "'tool_choice' is only allowed when 'tools' are specified."
  const wrongTool = tools.map((tool) => whyFunctionInvalid(tool.function)).find((wrong) => wrong !== null)
  return wrongTool ?? whyMessagesInvalid(body.messages)
}

function whyMessagesInvalid(messages: readonly ChatCompletionMessageParam[]): string | null {
  if (messages.length === 0) return "Invalid 'messages': empty array."
  let open: string[] = []
  for (const [index, message] of messages.entries()) {
    if (message.role === 'tool') {
      if (!open.includes(message.tool_call_id))
        return "messages with role 'tool' must be a response to a preceeding message with 'tool_calls'."
      open = open.filter((id) => id !== message.tool_call_id)
      continue
    }
    if (open.length > 0)
      return "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'."
    const wrong = whyMessageInvalid(message, messages[index - 1])
    if (wrong) return wrong
    if (message.role === 'assistant') open = (message.tool_calls ?? []).map(({ id }) => id)
  }
  return open.length > 0 ? "An assistant message with 'tool_calls' must be followed by tool messages" : null
}

/** The second half is what the templates of some open models insist on. */
function whyMessageInvalid(
  message: ChatCompletionMessageParam,
  before: ChatCompletionMessageParam | undefined,
): string | null {
  const { role, content } = message
  if (!['system', 'user', 'assistant'].includes(role)) return `Invalid value: '${role}'.`
  if (role === 'assistant' && message.tool_calls?.length === 0) return "Invalid 'tool_calls': empty array."
  if (content === null && !(role === 'assistant' && message.tool_calls)) return "Invalid 'content': null."
  if (role === 'system') return before ? 'System message must be at the beginning.' : null
  const follows = before?.role === 'tool' ? 'assistant' : before?.role === 'user' ? 'assistant' : 'user'
  return role === follows ? null : 'Conversation roles must alternate user/assistant/user/assistant/...'
}
