import type { ClientToolRow } from '../../../protocol/client-tools.ts'
import { readJson, writeJson } from '../../arguments/json-text.ts'

export type Policy = ClientToolRow['policy']
export const POLICIES = ['read', 'write', 'confirm'] as const satisfies readonly Policy[]

/** How a client uses a tool, as it is edited. */
export interface ToolSettings {
  url: string
  policy: Policy
  idempotent: boolean
  label: string
  /** JSON; empty: nothing. */
  config: string
}

/** As a new tool is used: as carefully as can be. */
export const NEW_SETTINGS: ToolSettings = {
  url: '',
  policy: 'confirm',
  idempotent: false,
  label: '',
  config: '',
}

export function settingsOf(row: ClientToolRow & { custom_config: Record<string, unknown> }): ToolSettings {
  const { n8n_webhook_url, policy, idempotent, label, custom_config } = row
  const config = Object.keys(custom_config).length === 0 ? '' : writeJson(custom_config)
  return { url: n8n_webhook_url ?? '', policy, idempotent, label: label ?? '', config }
}

/** What is kept of it; null where the configuration is no object. */
export function keptOf({ url, policy, idempotent, label, config }: ToolSettings) {
  const read = config.trim() === '' ? { ok: true as const, value: {} } : readJson(config)
  if (!read.ok || !isObject(read.value)) return null
  return {
    ...{ n8n_webhook_url: url.trim(), policy, idempotent, custom_config: read.value },
    label: label.trim() === '' ? null : label.trim(),
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
