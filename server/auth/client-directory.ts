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
  /** A name of `billing/plans.ts`. */
  plan_type: string
  branding: Partial<Branding>
}

/** Finds active clients. Null when there is none. Throws `DatabaseUnavailable`. */
export interface ClientDirectory {
  findByKey(key: string): Promise<Client | null>
  findById(id: string): Promise<Client | null>
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
    findByKey: (key) => remember(`key ${key}`, () => findClient(database, FIND_BY_KEY, key)),
    findById: (id) => remember(`id ${id}`, () => findClient(database, FIND_BY_ID, id)),
  }

  function remember(name: string, find: () => Promise<Client | null>): Promise<Client | null> {
    const found = kept.get(name)
    if (found !== undefined && found.until > now()) return found.client
    const client = find()
    kept.delete(name)
    kept.set(name, { until: now() + KEPT_FOR, client })
    if (kept.size > KEPT) forgetOldest(kept)
    client.catch(() => {
      if (kept.get(name)?.client === client) kept.delete(name)
    })
    return client
  }
}

function forgetOldest(kept: Map<string, unknown>): void {
  for (const name of kept.keys()) {
    kept.delete(name)
    return
  }
}

const COLUMNS = 'id, name, api_key, allowed_origins, identity_required, locale, plan_type, branding'

const FIND_BY_KEY: Statement = {
  name: 'auth/find-client-by-key',
  text: `SELECT ${COLUMNS} FROM clients WHERE api_key = $1 AND status = 'active'`,
}

const FIND_BY_ID: Statement = {
  name: 'auth/find-client-by-id',
  text: `SELECT ${COLUMNS} FROM clients WHERE id = $1 AND status = 'active'`,
}

async function findClient(
  database: Pick<Database, 'run'>,
  statement: Statement,
  value: string,
): Promise<Client | null> {
  // Postgres has no NUL in its texts, so no client has it in its key.
  if (value.includes('\0')) return null
  const [client] = await database.run<Client>(statement, [value])
  return client ?? null
}
