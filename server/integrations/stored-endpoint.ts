import type { IntegrationEndpoint } from '../../models/integration-endpoint.ts'
import { INTEGRATION_LIMITS, type SavedEndpoint } from '../../protocol/integrations.ts'
import type { Endpoint } from './kind.ts'

/** The columns that say what an endpoint is. */
export type StoredEndpoint = Pick<
  IntegrationEndpoint,
  | 'endpoint_name'
  | 'endpoint_url'
  | 'method'
  | 'description'
  | 'parameters_schema'
  | 'request'
  | 'policy'
  | 'personal'
  | 'user_generated'
  | 'cache_seconds'
  | 'label'
>

/** An endpoint as it was kept. */
export function readEndpoint(row: StoredEndpoint): Endpoint<Record<string, unknown>> {
  const { endpoint_url: url, method, request } = row
  return {
    name: row.endpoint_name,
    description: row.description ?? '',
    parameters: row.parameters_schema,
    policy: row.policy,
    personal: row.personal,
    returnsOthersWords: row.user_generated,
    cacheFor: row.cache_seconds * 1_000,
    label: row.label,
    request: url === '' ? request : { url, method, ...request },
  }
}

/** An endpoint as it is kept. `parameters` were checked; `request` fits its kind's schema. */
export function storeEndpoint(saved: SavedEndpoint, parameters: Record<string, unknown>): StoredEndpoint {
  const { name, description, policy = 'read', personal = false, user_generated = false, label = null } = saved
  const { url = '', method = 'GET', ...request } = saved.request
  const usual = policy === 'read' ? INTEGRATION_LIMITS.usualCache : 0
  return {
    ...{ endpoint_name: name, description, parameters_schema: parameters, request },
    endpoint_url: url as string,
    method: method as StoredEndpoint['method'],
    ...{ policy, personal, user_generated, label },
    cache_seconds: saved.cache_seconds ?? usual,
  }
}
