import type { Cache } from '../../infra/cache.ts'
import type { Database } from '../../infra/database.ts'
import type { Logger } from '../../infra/logger.ts'
import type { Outbound } from '../../infra/outbound/index.ts'
import type { Secrets } from '../../infra/secrets.ts'
import { createCallFunction } from '../../integrations/call-function.ts'
import { createIntegrationDirectory } from '../../integrations/integration-directory.ts'
import { createKinds } from '../../integrations/kinds.ts'
import { createRecordCall } from '../../integrations/recent-calls.ts'
import { maskSecrets } from '../mask-secrets.ts'
import type { ToolSource } from '../usable-tool.ts'
import { createIntegrationSource } from './integration-source.ts'

export interface IntegrationToolParts {
  database: Database
  secrets: Secrets
  outbound: Outbound
  /** Pairs of host and port that may be private: the operator's. */
  allow: readonly string[]
  cache: Cache
  log: Logger
}

/** The systems that clients have connected, for their models to ask. */
export function createIntegrationTools(parts: IntegrationToolParts): ToolSource {
  const kinds = createKinds({ ...parts, now: () => performance.now() })
  const callFunction = createCallFunction({ ...parts, record: createRecordCall(parts), mask: maskSecrets })
  const directory = createIntegrationDirectory({ ...parts, kinds })
  return createIntegrationSource({ ...parts, directory, callFunction })
}
