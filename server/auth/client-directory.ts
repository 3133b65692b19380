import type { Branding } from '../../protocol/rest.ts'
import type { Database, Statement } from '../infra/database.ts'
import type { Holder } from './cut-offs.ts'

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
  /** `settings.widget`: which features its widget offers. Unchecked. */
  features: unknown
  /** Whether visitors may ask for a person. */
  handoff_offered: boolean
}

/** Finds active clients. Null when there is none. Throws `DatabaseUnavailable`. */
export interface ClientDirectory {
  findByKey(key: string): Promise<Client | null>
  findById(id: string): Promise<Client | null>
}

/** Milliseconds for which an answer holds, unless its client is deactivated sooner. */
const KEPT_FOR = 5_000

interface Kept {
  until: number
  client: Promise<Client | null>
  /** Of the client, once it was found. */
  id: string | null
}

/** Answers kept at most, known and unknown keys alike. */
const KEPT = 5_000

/**
 * A directory that asks the database once for requests that come together, and again after five seconds. Unknown
 * keys are remembered too, so that guessing costs the guesser more than the database.
 */
export function createClientDirectory(
  database: Pick<Database, 'run'>,
  now: () => number = Date.now,
): ClientDirectory & Holder {
  const kept = new Map<string, Kept>()

  return {
    findByKey: (key) => remember(`key ${key}`, () => findClient(database, FIND_BY_KEY, key)),
    findById: (id) => remember(`id ${id}`, () => findClient(database, FIND_BY_ID, id)),
    held: () => ({ clients: [...kept.values()].flatMap(({ id, until }) => (id && until > now() ? id : [])) }),
    cut(off) {
      if (off.kind !== 'client') return
      for (const [name, { id }] of kept) if (id === off.id) kept.delete(name)
    },
  }

  function remember(name: string, find: () => Promise<Client | null>): Promise<Client | null> {
    const found = kept.get(name)
    if (found !== undefined && found.until > now()) return found.client
    const client = find()
    const answer: Kept = { until: now() + KEPT_FOR, client, id: null }
    kept.delete(name)
    kept.set(name, answer)
    if (kept.size > KEPT) forgetOldest(kept)
    client.then(
      (known) => (answer.id = known?.id ?? null),
      () => {
        if (kept.get(name) === answer) kept.delete(name)
      },
    )
    return client
  }
}

function forgetOldest(kept: Map<string, unknown>): void {
  for (const name of kept.keys()) {
    kept.delete(name)
    return
  }
}

const COLUMNS = `id, name, api_key, allowed_origins, identity_required, locale, plan_type, branding,
  settings->'widget' AS features,
  settings->'ai'->'handoff'->'offered' IS DISTINCT FROM 'false'::jsonb AS handoff_offered`

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
