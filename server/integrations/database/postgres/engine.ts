import pg from 'pg'
import type { Engine, Link, Login, Looked, Question } from '../engine.ts'
import { GuardedStream } from '../guarded-stream.ts'
import { DATABASE_LIMITS } from '../limits.ts'
import type { Table } from '../table.ts'
import { encryptPostgres } from '../tls.ts'
import { look } from './look.ts'
import { read } from './read.ts'
import { trouble } from './trouble.ts'

/** Postgres, from 12 on. */
export const postgres: Engine = {
  dialect: 'postgres',
  trouble,

  /**
   * One statement, by the extended protocol, which takes no second one; in a transaction that can only read, and that is
   * never committed. What it may not do all the same, is told in docs/integrations.md.
   */
  ask(link: Link, login: Login, { query, values }: Question): Promise<Table> {
    return withClient(link, login, (client) => read(client, query.text, values))
  },

  look(link: Link, login: Login): Promise<Looked> {
    return withClient(link, login, look)
  },
}

/** The transaction ends with the connection, which undoes whatever can be undone. */
async function withClient<T>(link: Link, login: Login, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const { socket, host, port, timeLeft } = link
  const { user, password, database, tls } = login
  const under = tls ? await encryptPostgres(socket, host, tls) : socket
  const client = new pg.Client({
    ...{ host, port, user, database },
    // What is missing or empty, `pg` would take from the environment or from ~/.pgpass: the operator's, told to a tenant.
    password: () => password,
    ssl: false,
    stream: () => new GuardedStream(under, DATABASE_LIMITS.received),
    application_name: 'parlor',
    connectionTimeoutMillis: 0,
  })
  // It comes to whoever waits for an answer, too.
  client.on('error', () => undefined)
  await client.connect()
  await client.query(beginning(timeLeft()))
  const done = await work(client)
  // Where there are more rows than are wanted, this does not wait for them.
  await client.end()
  return done
}

/**
 * Some settings decide how the query is read, or what values look like. Of a connection that is gone, Postgres notices
 * during a long query only where it is told to look, which it can since version 14, and not on every system.
 */
function beginning(timeLeft: number): string {
  const [time, lock, notice] = [timeLeft, DATABASE_LIMITS.lock, DATABASE_LIMITS.notice].map(String)
  return `
    BEGIN READ ONLY;
    SET LOCAL statement_timeout = ${time ?? ''};
    SET LOCAL lock_timeout = ${lock ?? ''};
    SET LOCAL idle_in_transaction_session_timeout = ${time ?? ''};
    SET LOCAL standard_conforming_strings = on;
    SET LOCAL DateStyle = 'ISO';
    SELECT set_config(name, '${notice ?? ''}', true) FROM pg_settings
    WHERE name = 'client_connection_check_interval' AND version() ~ 'linux|freebsd|darwin'`
}
