import { TOOL_LIMITS, type ClientToolChanges } from '../../../protocol/tools.ts'
import { refusalOf } from '../../infra/outbound/refusal.ts'

/** What is wrong with changes of how a client uses a tool, as a sentence; null: nothing. `allow`: what may be private. */
export function faultOfChanges(
  { n8n_webhook_url, custom_config }: ClientToolChanges,
  allow: readonly string[],
): string | null {
  const refusal = n8n_webhook_url === undefined ? null : refusalOf(n8n_webhook_url, allow)
  if (refusal !== null) return `n8n_webhook_url ${refusal}.`
  const { config } = TOOL_LIMITS
  const isLong = JSON.stringify(custom_config ?? {}).length > config
  return isLong ? `custom_config is longer than ${String(config)} characters.` : null
}

/** What speaks against one tool more, where a client has so many; null: nothing. */
export function faultOfNew({ n8n_webhook_url }: ClientToolChanges, kept: number): string | null {
  if (n8n_webhook_url === undefined) return 'n8n_webhook_url is needed.'
  const most = TOOL_LIMITS.perClient
  return kept >= most ? `A client has ${String(most)} tools at most: models get lost among more.` : null
}
