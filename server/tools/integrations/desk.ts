import { createMemoryCache } from '../../infra/cache.ts'
import { createCallFunction } from '../../integrations/call-function.ts'
import { createEndpoints, type Endpoints } from '../../integrations/endpoints.ts'
import { createIntegrations, type Integrations } from '../../integrations/integrations.ts'
import { createKinds, type Kinds } from '../../integrations/kinds.ts'
import { createRecordCall } from '../../integrations/recent-calls.ts'
import { createTrials, type Trials } from '../../integrations/trials.ts'
import { checkParametersSchema } from '../catalogue/parameters-schema.ts'
import type { DeskParts } from '../desk-parts.ts'
import { HAND_OVER } from '../hand-over.ts'
import { maskSecrets } from '../mask-secrets.ts'
import { SEARCH_KNOWLEDGE } from '../search-knowledge.ts'

/** All that keepers do with integrations. */
export interface IntegrationDesk {
  integrations: Integrations
  endpoints: Endpoints
  trials: Trials
  kinds: Kinds
}

/** Works on `models`, which are bound to `database`. What is tried is cached for nobody else. */
export function openIntegrationDesk(parts: DeskParts): IntegrationDesk {
  const { database, models } = parts
  const kinds = createKinds({ ...parts, now: () => performance.now() })
  const judging = { kinds, checkParameters: checkParametersSchema, mask: maskSecrets }
  const reserved = new Set([SEARCH_KNOWLEDGE.name, HAND_OVER.name])
  const keeping = { ...parts, ...judging, reserved }
  const record = createRecordCall(parts)
  const callFunction = createCallFunction({ cache: createMemoryCache(), record, mask: maskSecrets })
  return {
    kinds,
    integrations: createIntegrations(database, models, keeping),
    endpoints: createEndpoints(database, models, keeping),
    trials: createTrials(models, { ...parts, ...judging, callFunction }),
  }
}
