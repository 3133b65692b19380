import { LRUCache } from 'lru-cache'
import type { Asked, Connection, Fetched, IntegrationKind, KindParts, Verdict } from '../kind.ts'
import {
  configFault,
  DatabaseConfig,
  DatabaseCredentials,
  DatabaseRequest,
  homeOf,
  loginOf,
  placeOf,
} from './config.ts'
import type { Engine, Link } from './engine.ts'
import { asksForVisitor, endpointFault } from './endpoint-fault.ts'
import { Gate } from './gate.ts'
import { DATABASE_LIMITS } from './limits.ts'
import { overLink, type Way } from './link.ts'
import { mysql } from './mysql/engine.ts'
import { postgres } from './postgres/engine.ts'
import { bind } from './query/arguments.ts'
import { compileQuery } from './query/compile.ts'
import { dataOf, type Table } from './table.ts'
import { verdictOf } from './verdict.ts'

type Db = Connection<DatabaseConfig, DatabaseCredentials>

const ENGINES: Readonly<Record<DatabaseConfig['engine'], Engine>> = { postgres, mysql }

/**
 * A client's own Postgres, MySQL or MariaDB: its functions are queries that people of the business wrote. Each question
 * has a connection of its own, which ends with it.
 */
export function createDatabaseKind(
  parts: KindParts,
): IntegrationKind<DatabaseConfig, DatabaseCredentials, DatabaseRequest> {
  const { outbound, allow } = parts
  const gates = new LRUCache<string, Gate>({ max: DATABASE_LIMITS.counted })
  return {
    type: 'database',
    config: DatabaseConfig,
    credentials: DatabaseCredentials,
    endpoints: { request: DatabaseRequest, faultOf: endpointFault },
    faultOf: (config) => configFault(config, allow),
    homeOf,
    test,
    functions: (config, endpoints) =>
      endpoints.map((endpoint) => {
        const personal = endpoint.personal || asksForVisitor(endpoint.request, config)
        return { ...endpoint, personal, endpoint }
      }),
    fetch,
  }

  async function fetch(db: Db, asked: Asked<DatabaseRequest>, signal: AbortSignal): Promise<Fetched> {
    const { fn, given, user, timeLeft } = asked
    if (fn.endpoint === null) throw new Error(`${fn.name} asks nothing`)
    // The operator may have thought better of it since it was saved.
    const fault = configFault(db.config, allow)
    if (fault !== null) return refused(fault)
    if (db.credentials === null) return NO_PASSWORD
    const engine = ENGINES[db.config.engine]
    const compiled = compileQuery(fn.endpoint.request.query, engine.dialect)
    if (!compiled.ok) return refused(`The query ${compiled.problem}.`)
    const { query } = compiled
    const values = bind(query.names, { given, user })
    if (typeof values === 'string') return refused(values)
    const login = loginOf(db.config, db.credentials)
    const use = {
      work: (link: Link) => engine.ask(link, login, { query, values }),
      trouble: (error: unknown) => engine.trouble(error, query),
    }
    const answer = await overLink(wayTo(db, timeLeft), use, signal)
    return answer.ok ? fetchedOf(answer.data) : answer
  }

  async function test(db: Db, signal: AbortSignal): Promise<Verdict> {
    const fault = configFault(db.config, allow)
    if (fault !== null) return { ok: false, message: fault }
    if (db.credentials === null) return { ok: false, message: NO_PASSWORD.message }
    const engine = ENGINES[db.config.engine]
    const login = loginOf(db.config, db.credentials)
    const use = {
      work: (link: Link) => engine.look(link, login),
      trouble: (error: unknown) => engine.trouble(error, null),
    }
    return verdictOf(await overLink(wayTo(db, Infinity), use, signal), login)
  }

  function wayTo({ id, config }: Db, timeLeft: number): Way {
    const gate = gates.get(id) ?? new Gate(DATABASE_LIMITS)
    gates.set(id, gate)
    return { outbound, gate, place: placeOf(config), timeLeft }
  }
}

const NO_PASSWORD = {
  ok: false,
  problem: 'unauthorized',
  message: 'No password is entered for the database.',
  sent: false,
} as const

function refused(message: string): Fetched {
  return { ok: false, problem: 'refused', message, sent: false }
}

function fetchedOf(table: Table): Fetched {
  const data = dataOf(table)
  if (data !== null) return { ok: true, data }
  const message = 'One row of the answer is too large: let the query ask for fewer columns.'
  return { ok: false, problem: 'too_large', message, sent: true }
}
