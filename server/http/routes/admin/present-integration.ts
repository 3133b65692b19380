import type { ClientIntegration } from '../../../../models/client-integration.ts'
import type {
  IntegrationFunctionRow,
  IntegrationRow,
  IntegrationTypeRow,
} from '../../../../protocol/integration-keeping.ts'
import type { Integrations } from '../../../integrations/integrations.ts'
import type { IntegrationFunction, IntegrationKind } from '../../../integrations/kind.ts'
import { functionName } from '../../../integrations/open-integration.ts'

/** An integration as people see it: never its credentials. */
export function presentIntegration(
  integrations: Pick<Integrations, 'functionsOf'>,
  kept: ClientIntegration,
): IntegrationRow {
  const { id, name, integration_type: type, connection_config: config, credentials, enabled } = kept
  return {
    ...{ id, name, type, config, has_credentials: credentials !== null, enabled },
    verdict: kept.last_verdict,
    functions: integrations.functionsOf(kept).map((fn) => presentFunction(name, fn)),
    created_at: kept.created_at.toISOString(),
  }
}

export function presentType({ type, config, credentials, endpoints }: IntegrationKind): IntegrationTypeRow {
  return {
    type,
    config: { ...config },
    credentials: { ...credentials },
    request: endpoints && { ...endpoints.request },
  }
}

function presentFunction(integration: string, fn: IntegrationFunction): IntegrationFunctionRow {
  const { name, description, parameters, policy, personal, returnsOthersWords, cacheFor, label, endpoint } =
    fn
  return {
    ...{ name, called: functionName(integration, name), description, parameters, policy, personal, label },
    ...{ user_generated: returnsOthersWords, cache_seconds: Math.round(cacheFor / 1_000) },
    request: (endpoint?.request ?? null) as Record<string, unknown> | null,
  }
}
