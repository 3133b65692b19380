import type { Database, Statement } from '../infra/database.ts'
import { findingsOf, type Finding } from './finding.ts'

const { ok, warning, problem } = findingsOf('Database')

/** The oldest Postgres whose SQL this is, as `server_version_num` has it. */
const OLDEST = 140_000

/** Milliseconds by which the clocks of the database and of this machine may differ without a word. */
const CLOCKS_DIFFER = 2_000

/** How many connections each of our processes may open, and how many processes there are. */
export interface WantedConnections {
  pool: number
  workers: number
}

interface ServerFacts {
  version: string
  version_number: number
  now: Date
  replica: boolean
  user: string
  schema: string | null
  may_create: boolean
  connections: number
}

const FACTS: Statement = {
  name: 'doctor/facts',
  text: `
    SELECT current_setting('server_version') AS version,
      current_setting('server_version_num')::int AS version_number,
      clock_timestamp() AS now,
      pg_is_in_recovery() AS replica,
      current_user::text AS user,
      current_schema()::text AS schema,
      coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS may_create,
      current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS connections`,
}

/** The server behind a database: its version, its clock, and what we may do there. */
export async function* examineServer(
  database: Database,
  wanted: WantedConnections | null,
): AsyncGenerator<Finding> {
  const asked = Date.now()
  const [facts] = await database.run<ServerFacts>(FACTS, [])
  if (facts === undefined) throw new Error('Postgres told nothing about itself')
  const answered = Date.now()
  const kind = wanted === null ? 'Embedded Postgres' : 'Postgres'
  if (facts.version_number < OLDEST) {
    yield problem(`Postgres ${facts.version} is too old. Use 14 or newer.`)
  } else yield ok(`${kind} ${facts.version} answers.`)
  if (wanted !== null) yield* examineRights(facts, wanted)
  yield examineClock(facts.now.getTime() - (asked + answered) / 2, answered - asked)
}

function* examineRights(facts: ServerFacts, { pool, workers }: WantedConnections): Generator<Finding> {
  if (facts.replica)
    yield problem('It is a replica, which cannot be written. Point DATABASE_URL to the primary.')
  if (facts.schema === null || !facts.may_create) {
    const what = `The user ${facts.user} may not make tables, which migrations and daily partitions need.`
    yield problem(`${what} GRANT CREATE ON SCHEMA ${facts.schema ?? 'public'} TO "${facts.user}".`)
  }
  if (pool * workers > facts.connections) {
    const each = workers > 1 ? ` for each of ${workers} workers` : ''
    const what = `DATABASE_POOL is ${pool}${each}, but the server has ${facts.connections} connections.`
    yield warning(`${what} Lower it, or raise max_connections.`)
  }
}

/** Leases go by the database's clock alone, so that a difference is no danger; people see both clocks, though. */
function examineClock(difference: number, roundTrip: number): Finding {
  const clock = findingsOf('Clock')
  if (Math.abs(difference) <= CLOCKS_DIFFER + roundTrip) return clock.ok('agrees with the database’s')
  const seconds = Math.round(Math.abs(difference) / 1_000)
  const where = difference > 0 ? 'behind' : 'ahead of'
  return clock.warning(`is ${seconds} s ${where} the database’s. Set both by NTP.`)
}
