import type { IncomingMessage } from 'node:http'
import { whyChatInvalid, type ChatBody } from './openai-chat-rules.ts'
import { whyResponseInvalid, type ResponseBody } from './openai-responses-rules.ts'
import type { VendorFailure } from './reply.ts'

export type OpenAiBody = ResponseBody | ChatBody

/** Why a real server would refuse this request, or null. Only what our requests could get wrong. `key` null: none. */
export function whyRefused(
  { headers, url, method }: IncomingMessage,
  body: OpenAiBody,
  key: string | null,
): VendorFailure | null {
  if (method !== 'POST' || !['/v1/responses', '/v1/chat/completions'].includes(url ?? ''))
    return { status: 404, message: `Invalid URL (${method} ${url})` }
  const given = headers.authorization?.replace(/^Bearer /, '') ?? null
  if (given !== key)
    return { status: 401, type: 'invalid_api_key', message: `Incorrect API key provided: ${given}.` }
  const message = isChat(body) ? whyChatInvalid(body) : whyResponseInvalid(body)
  return message === null ? null : { status: 400, message }
}

export function isChat(body: OpenAiBody): body is ChatBody {
  return 'messages' in body
}
