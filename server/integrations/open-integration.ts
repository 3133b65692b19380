import type { IntegrationType } from '../../models/client-integration.ts'
import { SealBroken, type SealedPlace, type Secrets } from '../infra/secrets.ts'
import type { Connection, IntegrationFunction, IntegrationKind } from './kind.ts'
import type { Kinds } from './kinds.ts'
import { readEndpoint, type StoredEndpoint } from './stored-endpoint.ts'

/** An integration, ready to be asked. */
export interface OpenIntegration {
  client_id: string
  name: string
  kind: IntegrationKind
  connection: Connection
  functions: readonly IntegrationFunction[]
}

/** What is kept of an integration, as far as asking it needs. */
export interface StoredIntegration {
  id: string
  client_id: string
  name: string
  type: IntegrationType
  config: Record<string, unknown>
  credentials: string | null
  version: number
  endpoints: readonly StoredEndpoint[]
}

/** Where the credentials of an integration are sealed. */
export function credentialsPlace(id: string): SealedPlace {
  return { table: 'client_integrations', column: 'credentials', id }
}

/** Opens it. Null: there is no such kind here. Throws `SealBroken` where its credentials cannot be read. */
export function openIntegration(
  stored: StoredIntegration,
  { kinds, secrets }: { kinds: Kinds; secrets: Secrets },
): OpenIntegration | null {
  const { id, client_id, name, type, config, version } = stored
  const kind = kinds.get(type)
  if (!kind) return null
  const credentials = openCredentials(stored, secrets)
  return {
    ...{ client_id, name, kind },
    connection: { id, version, config, credentials },
    functions: kind.functions(config, stored.endpoints.map(readEndpoint)),
  }
}

/** Null: none are entered. Throws `SealBroken`. */
export function openCredentials(
  { id, credentials }: { id: string; credentials: string | null },
  secrets: Secrets,
): unknown {
  return credentials === null ? null : JSON.parse(secrets.open(credentials, credentialsPlace(id)))
}

/** As `openCredentials`, where those that cannot be read are as good as none. */
export function credentialsIfAny(
  stored: { id: string; credentials: string | null },
  secrets: Secrets,
): unknown {
  try {
    return openCredentials(stored, secrets)
  } catch (error) {
    if (error instanceof SealBroken) return null
    throw error
  }
}

/** As models know a function: letters, digits, `_` and `-`. */
export function functionName(integration: string, name: string): string {
  return `${integration}_${name}`
}
