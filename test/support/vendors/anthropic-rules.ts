import type { IncomingMessage } from 'node:http'
import type {
  ContentBlockParam,
  MessageCreateParams,
  MessageParam,
} from '@anthropic-ai/sdk/resources/messages'

export interface Refusal {
  status: number
  type: string
  message: string
}

/** Why the real API would refuse this request, or null. Only what our requests could get wrong. */
export function whyRefused(request: IncomingMessage, body: MessageCreateParams, key: string): Refusal | null {
  const { headers, url, method } = request
  if (method !== 'POST' || url !== '/v1/messages') return { ...INVALID, status: 404, type: 'not_found_error' }
  const given = headers['x-api-key'] ?? headers.authorization?.replace(/^Bearer /, '')
  if (given !== key)
    return { status: 401, type: 'authentication_error', message: `invalid x-api-key: ${key}` }
  const message = whyInvalid(headers, body)
  return message === null ? null : { ...INVALID, message }
}

const INVALID: Refusal = { status: 400, type: 'invalid_request_error', message: 'Not found' }

function whyInvalid(headers: IncomingMessage['headers'], body: MessageCreateParams): string | null {
  if (headers['anthropic-version'] === undefined) return 'anthropic-version: header is required'
  if (!body.stream || !(body.max_tokens > 0)) return 'max_tokens: must be positive'
  for (const name of ['temperature', 'top_p', 'top_k']) if (name in body) return `${name}: no longer accepted`
  const { messages } = body
  if (messages[0]?.role !== 'user') return 'messages: first message must use the "user" role'
  for (const [index, message] of messages.entries()) {
    const wrong = whyMessageInvalid(messages, index)
    if (wrong) return wrong
    if (message.role === messages[index + 1]?.role) return 'messages: roles must alternate'
  }
  return whyToolsInvalid(body)
}

function whyMessageInvalid(messages: readonly MessageParam[], index: number): string | null {
  const content = blocksOf(messages[index])
  if (content.length === 0) return `messages.${index}: content must not be empty`
  if (content.some((block) => block.type === 'text' && block.text.trim() === ''))
    return 'messages: text content blocks must contain non-whitespace text'
  if (content.some((block) => block.type === 'thinking' && block.signature === ''))
    return `messages.${index}: thinking without signature`
  const called = idsOf(content)
  const answered = resultsOf(blocksOf(messages[index + 1]))
  if (called.some((id) => !answered.includes(id)))
    return `messages.${index}: tool_use ids were found without tool_result blocks immediately after`
  const before = idsOf(blocksOf(messages[index - 1]))
  if (resultsOf(content).some((id) => !before.includes(id)))
    return `messages.${index}: unexpected tool_use_id found in tool_result blocks`
  return null
}

function whyToolsInvalid({ messages, tools, tool_choice, system }: MessageCreateParams): string | null {
  const usesTools = messages.some((message) =>
    /^tool_/m.test(
      blocksOf(message)
        .map((b) => b.type)
        .join('\n'),
    ),
  )
  if (usesTools && !tools?.length) return 'Requests which include tool_use blocks must define tools'
  if (tool_choice && !tools?.length) return 'tool_choice: may only be specified while providing tools'
  const last = messages.at(-1)
  const mayContinue = blocksOf(last).some((block) => block.type === 'server_tool_use')
  if (last?.role === 'assistant' && !mayContinue)
    return 'This model does not support assistant message prefill'
  const marks = JSON.stringify([tools, system, messages]).split('"cache_control"').length - 1
  return marks > 4 ? 'A maximum of 4 blocks with cache_control may be provided' : null
}

function blocksOf(message: MessageParam | undefined): ContentBlockParam[] {
  const content = message?.content ?? []
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content
}

function idsOf(content: readonly ContentBlockParam[]): string[] {
  return content.flatMap((block) => (block.type === 'tool_use' ? [block.id] : []))
}

function resultsOf(content: readonly ContentBlockParam[]): string[] {
  return content.flatMap((block) => (block.type === 'tool_result' ? [block.tool_use_id] : []))
}
