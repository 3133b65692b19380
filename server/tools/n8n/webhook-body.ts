import type { AskedCall } from '../usable-tool.ts'

/** What a workflow gets (docs/tools.md). Only `arguments` is the model's; nothing in it tells who the visitor is. */
export function bodyOf(
  { to, key, given, for: calledFor }: AskedCall,
  { tool, config, callbackUrl }: { tool: string; config: Record<string, unknown>; callbackUrl: string },
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
  })
}
