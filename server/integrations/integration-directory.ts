import { INTEGRATION_LIMITS } from '../../protocol/integrations.ts'
import type { Database, Statement } from '../infra/database.ts'
import { KeptAnswers } from '../infra/kept-answers.ts'
import type { Logger } from '../infra/logger.ts'
import { SealBroken, type Secrets } from '../infra/secrets.ts'
import type { Kinds } from './kinds.ts'
import { openIntegration, type OpenIntegration, type StoredIntegration } from './open-integration.ts'

/** Milliseconds for which an answer holds, and answers kept. */
const KEPT_FOR = 5_000
const KEPT = 2_000

export interface DirectoryParts {
  database: Pick<Database, 'run'>
  secrets: Secrets
  kinds: Kinds
  log: Logger
  /** Milliseconds, by a clock that never goes back. */
  now?: () => number
}

/** What clients have connected and switched on. */
export interface IntegrationDirectory {
  /** By name, at most five seconds old. One that cannot be used is left out, and logged. Rejects with `DatabaseUnavailable`. */
  of(clientId: string): Promise<readonly OpenIntegration[]>
}

/** Asks the database once for all who ask within five seconds. */
export function createIntegrationDirectory(parts: DirectoryParts): IntegrationDirectory {
  const { database, secrets, kinds, log, now = () => performance.now() } = parts
  const kept = new KeptAnswers<readonly OpenIntegration[]>({ ms: KEPT_FOR, most: KEPT, now })
  return {
    of: (clientId) => kept.of(clientId, () => load(clientId)),
  }

  async function load(client_id: string): Promise<readonly OpenIntegration[]> {
    const rows = await database.run<StoredIntegration>(LOAD, [client_id, INTEGRATION_LIMITS.perClient])
    return rows.flatMap((stored) => {
      try {
        return openIntegration(stored, { kinds, secrets }) ?? []
      } catch (error) {
        if (!(error instanceof SealBroken)) throw error
        const reason = error.message
        log.error({ code: 'integration_sealed', client_id, id: stored.id, reason }, 'it is not offered')
        return []
      }
    })
  }
}

const LOAD: Statement = {
  name: 'integrations/load',
  text: `
    SELECT i.id, i.client_id, i.name, i.integration_type AS type, i.connection_config AS config, i.credentials,
      i.version, coalesce((
        SELECT jsonb_agg(to_jsonb(e) ORDER BY e.endpoint_name) FROM integration_endpoints e
        WHERE e.integration_id = i.id), '[]') AS endpoints
    FROM client_integrations i WHERE i.client_id = $1::uuid AND i.enabled ORDER BY i.name LIMIT $2::int`,
}
