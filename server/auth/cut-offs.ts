import { setTimeout as delay } from 'node:timers/promises'
import { DatabaseUnavailable, type Database, type Statement } from '../infra/database.ts'
import type { Logger } from '../infra/logger.ts'

/** Who may not speak any more: a client that was deactivated, a person who was disabled, or one sign-in of a person. */
export interface CutOff {
  kind: 'client' | 'admin' | 'family'
  id: string
}

/** By their ids, those for whom somebody speaks. */
export interface Speakers {
  clients?: Iterable<string>
  admins?: Iterable<string>
  /** Sign-ins. */
  families?: Iterable<string>
}

/** A part of the process that serves somebody for longer than a moment. */
export interface Holder {
  /** For whom those speak whom it serves now. */
  held(): Speakers
  /** Serves them no longer. Does nothing where it does not. */
  cut(off: CutOff): void
}

export interface CutOffParts {
  database: Pick<Database, 'run'>
  log: Logger
  /** Milliseconds between two looks. */
  lookEvery?: number
}

/** With a look's own time less than the second within which everybody is cut off. */
const LOOK_EVERY_MS = 400

/** Ids of one kind that one statement asks about. */
const AT_ONCE = 5_000

/**
 * Ends what is served to whom it may not be served any more. Whoever shuts somebody out says so, and other nodes are
 * told; what another process did, or could not tell, is found in Postgres, where only those are asked about for whom
 * somebody speaks here.
 */
export class CutOffs {
  readonly #parts: CutOffParts
  readonly #holders: Holder[] = []
  readonly #stopped = new AbortController()
  #tellOthers: (off: CutOff) => void = () => undefined
  #looking = Promise.resolve()

  constructor(parts: CutOffParts) {
    this.#parts = parts
  }

  add(holder: Holder): void {
    this.#holders.push(holder)
  }

  /** How other nodes are told. */
  tellWith(tell: (off: CutOff) => void): void {
    this.#tellOthers = tell
  }

  /** Somebody was shut out: Postgres says so already. */
  cut(off: CutOff): void {
    this.hear(off)
    this.#tellOthers(off)
  }

  /** Another node says so. */
  hear(off: CutOff): void {
    for (const holder of this.#holders) holder.cut(off)
  }

  /** Those of these who are shut out. Throws `DatabaseUnavailable`. */
  async among({ clients = [], admins = [], families = [] }: Speakers): Promise<CutOff[]> {
    const asked = [[...clients], [...admins], [...families]] as const
    const found: CutOff[] = []
    for (let from = 0; asked.some(({ length }) => length > from); from += AT_ONCE) {
      const values = asked.map((ids) => ids.slice(from, from + AT_ONCE))
      found.push(...(await this.#parts.database.run<CutOff>(AMONG, values)))
    }
    return found
  }

  /** Looks from here on. */
  start(): void {
    this.#looking = this.#look()
  }

  async stop(): Promise<void> {
    this.#stopped.abort()
    await this.#looking
  }

  async #look(): Promise<void> {
    const { log, lookEvery = LOOK_EVERY_MS } = this.#parts
    const { signal } = this.#stopped
    while (!signal.aborted) {
      try {
        for (const off of await this.among(this.#held())) this.hear(off)
      } catch (error) {
        if (error instanceof DatabaseUnavailable) log.debug({ reason: error.message }, 'nobody cut off')
        else log.error({ err: error }, 'nobody cut off')
      }
      await delay(lookEvery, undefined, { signal }).catch(() => undefined)
    }
  }

  #held(): Speakers {
    const all = { clients: new Set<string>(), admins: new Set<string>(), families: new Set<string>() }
    for (const holder of this.#holders) {
      const { clients = [], admins = [], families = [] } = holder.held()
      for (const id of clients) all.clients.add(id)
      for (const id of admins) all.admins.add(id)
      for (const id of families) all.families.add(id)
    }
    return all
  }
}

/** $1 clients $2 people $3 sign-ins. Who is gone is shut out, too. */
const AMONG: Statement = {
  name: 'auth/shut-out-among',
  text: `
    SELECT 'client' AS kind, h.id FROM unnest($1::uuid[]) AS h (id)
     WHERE NOT EXISTS (SELECT FROM clients c WHERE c.id = h.id AND c.status = 'active')
    UNION ALL
    SELECT 'admin', h.id FROM unnest($2::uuid[]) AS h (id)
     WHERE NOT EXISTS (SELECT FROM admins a WHERE a.id = h.id AND a.disabled_at IS NULL)
    UNION ALL
    SELECT DISTINCT 'family', s.family FROM admin_sessions s
     WHERE s.family = ANY($3::uuid[]) AND s.revoked_at IS NOT NULL`,
}
