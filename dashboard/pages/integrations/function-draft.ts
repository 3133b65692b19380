import type { EndpointBody, IntegrationFunctionRow } from '../../../protocol/integration-keeping.ts'
import { readJson, writeJson } from '../../arguments/json-text.ts'
import type { IntegrationType } from './connection.ts'
import { draftOf, requestOf, type RequestDraft } from './request-draft.ts'

/** A function of an integration, as it is edited. */
export interface FunctionDraft {
  name: string
  description: string
  /** JSON Schema, as text. */
  parameters: string
  request: RequestDraft
  /** What a database is asked. */
  query: string
  policy: IntegrationFunctionRow['policy']
  personal: boolean
  user_generated: boolean
  /** Seconds. */
  cache: string
  label: string
}

/** Null: a new one. */
export function functionDraft(row: IntegrationFunctionRow | null): FunctionDraft {
  const request = row?.request ?? {}
  const { query } = request
  return {
    name: row?.name ?? '',
    description: row?.description ?? '',
    parameters: writeJson(row?.parameters ?? { type: 'object', properties: {} }),
    request: draftOf(request),
    query: typeof query === 'string' ? query : '',
    policy: row?.policy ?? 'read',
    personal: row?.personal ?? false,
    user_generated: row?.user_generated ?? false,
    cache: String(row?.cache_seconds ?? 300),
    label: row?.label ?? '',
  }
}

/** What is kept of it; null where something of it is no JSON. */
export function endpointOf(type: IntegrationType, draft: FunctionDraft): EndpointBody | null {
  const request = type === 'database' ? { query: draft.query.trim() } : requestOf(draft.request)
  const parameters = readJson(draft.parameters)
  if (request === null || !parameters.ok) return null
  const { description, policy, personal, user_generated, cache, label } = draft
  return {
    ...{ description, parameters: parameters.value, request, policy, personal, user_generated },
    ...(policy === 'read' && { cache_seconds: Math.trunc(Number(cache) || 0) }),
    label: label.trim() === '' ? null : label.trim(),
  }
}
