import type { AskedCall } from '../usable-tool.ts'

/** What a call's body is made of, beside the call. `isTest`: nobody talks, somebody of the business tries the tool. */
export interface CalledTool {
  tool: string
  config: Record<string, unknown>
  callbackUrl: string
  isTest?: boolean
}

/** What a workflow gets (docs/tools.md). Only `arguments` is the model's; nothing in it tells who the visitor is. */
export function bodyOf(
  { to, key, given, for: calledFor }: Pick<AskedCall, 'to' | 'key' | 'given' | 'for'>,
  { tool, config, callbackUrl, isTest = false }: CalledTool,
): string {
  const { client_id, session_id, conversation_id } = to
  return JSON.stringify({
    tool,
    arguments: given,
    config,
    visitor: { user_id: calledFor.user_identifier, verified: calledFor.proven },
    ...{ client_id, conversation_id, session_id },
    idempotency_key: key,
    callback_url: callbackUrl,
    ...(isTest && { test: true }),
  })
}
