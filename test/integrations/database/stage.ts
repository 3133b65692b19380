import { createOutbound } from '../../../server/infra/outbound/index.ts'
import type { DatabaseConfig } from '../../../server/integrations/database/config.ts'
import { createDatabaseKind } from '../../../server/integrations/database/index.ts'
import type { Endpoint, Fetched } from '../../../server/integrations/kind.ts'

/** What of a function matters here; the rest is as it usually is. */
export interface Asking {
  query: string
  given?: Record<string, unknown>
  user?: string | null
  timeLeft?: number
  signal?: AbortSignal
}

/** Asks a database as an integration does. `allow`: pairs of host and port that may be private. */
export function openDatabaseStage(config: DatabaseConfig, password: string, allow: readonly string[]) {
  const outbound = createOutbound({ allow })
  const kind = createDatabaseKind({ outbound, allow, now: () => performance.now() })
  const connection = { id: 'integration', version: 1, config, credentials: { password } }
  const never = new AbortController().signal

  return {
    kind,
    ask({ query, given = {}, user = null, timeLeft = 30_000, signal = never }: Asking): Promise<Fetched> {
      const fn = { ...endpointOf(query), endpoint: endpointOf(query) }
      return kind.fetch(connection, { fn, given, user, key: 'k', timeLeft }, signal)
    },
    test: (signal = never) => kind.test(connection, signal),
  }
}

export type DatabaseStage = ReturnType<typeof openDatabaseStage>

/** Takes any text for `order`, and is otherwise as `changes` say. */
export function endpointOf(
  query: string,
  changes: Partial<Endpoint<{ query: string }>> = {},
): Endpoint<{ query: string }> {
  return {
    name: 'order',
    description: 'Tells of an order.',
    parameters: { type: 'object', properties: { order: { type: 'string' } } },
    policy: 'read',
    personal: false,
    returnsOthersWords: false,
    cacheFor: 0,
    label: null,
    request: { query },
    ...changes,
  }
}
