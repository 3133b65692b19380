import type { Branding } from '../../protocol/rest.ts'
import type { Database, Statement } from '../infra/database.ts'

/** A tenant, as far as its visitors' requests need it. */
export interface Client {
  id: string
  name: string
  /** `pk_...`: names the client, grants nothing. */
  api_key: string
  /** Entries of `origin.ts`. */
  allowed_origins: string[]
  /** Whether visitors must prove who they are. */
  identity_required: boolean
  locale: string | null
  branding: Partial<Branding>
}

/** Finds active clients by their publishable key. */
export interface ClientDirectory {
  /** Null when no active client has this key. Throws `DatabaseUnavailable`. */
  findByKey(key: string): Promise<Client | null>
}

/** Milliseconds for which an answer holds: a deactivated client is refused that much later at most. */
const KEPT_FOR = 5_000

/** Answers kept at most, known and unknown keys alike. */
const KEPT = 5_000

/**
 * A directory that asks the database once for requests that come together, and again after five seconds. Unknown
 * keys are remembered too, so that guessing costs the guesser more than the database.
 */
export function createClientDirectory(
  database: Pick<Database, 'run'>,
  now: () => number = Date.now,
): ClientDirectory {
  const kept = new Map<string, { until: number; client: Promise<Client | null> }>()

  return {
    findByKey(key) {
      const found = kept.get(key)
      if (found !== undefined && found.until > now()) return found.client
      const client = findClientByKey(database, key)
      kept.delete(key)
      kept.set(key, { until: now() + KEPT_FOR, client })
      if (kept.size > KEPT) forgetOldest()
      client.catch(() => {
        if (kept.get(key)?.client === client) kept.delete(key)
      })
      return client
    },
  }

  function forgetOldest(): void {
    for (const key of kept.keys()) {
      kept.delete(key)
      return
    }
  }
}

const FIND: Statement = {
  name: 'auth/find-client',
  text: `
    SELECT id, name, api_key, allowed_origins, identity_required, locale, branding
      FROM clients
     WHERE api_key = $1 AND status = 'active'`,
}

async function findClientByKey(database: Pick<Database, 'run'>, key: string): Promise<Client | null> {
  // Postgres has no NUL in its texts, so no client has it in its key.
  if (key.includes('\0')) return null
  const [client] = await database.run<Client>(FIND, [key])
  return client ?? null
}
