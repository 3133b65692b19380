import type { Client } from 'pg'
import { Sequelize, type Options } from 'sequelize'
import { isConnectionFault, translateDatabaseError } from './database-fault.ts'
import { DatabaseUnavailable, type Database, type Statement } from './database.ts'
import { runTransaction } from './postgres-transaction.ts'
import { tlsOptions } from './postgres-tls.ts'
import type { PostgresAddress } from './postgres-url.ts'
import { steadyPg } from './steady-client.ts'

/** How long things may take, in milliseconds. */
export interface PostgresLimits {
  connect: number
  /** Until a connection is free. */
  acquire: number
  /** By the server's clock. */
  statement: number
  /** The same by ours, for a server or a network that went silent. */
  answer: number
  idleInTransaction: number
  ping: number
  close: number
}

const LIMITS: Readonly<PostgresLimits> = {
  connect: 5_000,
  acquire: 10_000,
  statement: 15_000,
  answer: 20_000,
  idleInTransaction: 15_000,
  ping: 3_000,
  close: 5_000,
}
const IDLE_CONNECTION_MS = 30_000

const PING: Statement = { name: 'infra/ping', text: 'SELECT 1' }

export interface PostgresSettings {
  address: PostgresAddress
  /** Connections at most: of several, one is for vital statements. One that `keepsOpen` is made once and never idles out. */
  pool: number
  keepsOpen: boolean
  exclusive: boolean
  /** Other limits than the usual ones, for tests. */
  limits?: Partial<PostgresLimits>
}

/**
 * A `Database` on one Postgres. Connects when first used. Values come as `pg` gives them: `timestamptz` a Date,
 * `int8` and `numeric` strings (a number could not hold them), `date` a string.
 */
export function createPostgres(settings: PostgresSettings): Database {
  const limits = { ...LIMITS, ...settings.limits }
  const { pool } = settings
  const sequelize = createSequelize({ ...settings, pool: Math.max(1, pool - 1) }, limits)
  const vital = pool > 1 ? createSequelize({ ...settings, pool: 1 }, limits) : sequelize

  async function run<Row extends object>(
    { name, text, isVital }: Statement,
    values: readonly unknown[],
    limit = limits.answer,
  ) {
    try {
      const connections = (isVital ? vital : sequelize).connectionManager
      const client = (await connections.getConnection({ type: 'write' })) as Client
      let broken = false
      try {
        const query = { name, text, values: [...values], query_timeout: limit }
        return (await client.query<Row>(query)).rows
      } catch (error) {
        broken = isConnectionFault(error)
        throw error
      } finally {
        if (broken) void connections.destroyConnection(client).catch(() => undefined)
        else connections.releaseConnection(client)
      }
    } catch (error) {
      throw translateDatabaseError(error)
    }
  }

  return {
    sequelize,
    exclusive: settings.exclusive,
    run: (statement, values) => run(statement, values),
    transaction: (work, { patient } = { patient: false }) => runTransaction(sequelize, work, patient),
    ping: async () => {
      await within(limits.ping, run(PING, [], limits.ping))
    },
    // A statement that hangs must not keep the process alive.
    close: () =>
      within(limits.close, Promise.all([sequelize.close(), vital === sequelize ? null : vital.close()])).then(
        () => undefined,
        ignoreLateness,
      ),
  }
}

function createSequelize({ address, pool, keepsOpen }: PostgresSettings, limits: PostgresLimits): Sequelize {
  const { tls, ...place } = address
  const options: Options & { databaseVersion: string } = {
    ...place,
    dialect: 'postgres',
    dialectModule: steadyPg,
    // Told, so that Sequelize does not open a connection of its own to ask.
    databaseVersion: '14.0.0',
    logging: false,
    pool: {
      max: pool,
      min: keepsOpen ? pool : 0,
      acquire: limits.acquire,
      idle: IDLE_CONNECTION_MS,
      evict: IDLE_CONNECTION_MS / 2,
    },
    dialectOptions: {
      application_name: 'parlor',
      keepAlive: true,
      connectionTimeoutMillis: limits.connect,
      statement_timeout: limits.statement,
      query_timeout: limits.answer,
      idle_in_transaction_session_timeout: limits.idleInTransaction,
      ...(tls === false ? {} : { ssl: tlsOptions(tls) }),
    },
  }
  return new Sequelize(options)
}

/** Throws `DatabaseUnavailable` when this takes longer: waiting for a connection counts. */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new DatabaseUnavailable('The database did not answer in time')), ms)
  })
  try {
    return await Promise.race([work, limit])
  } finally {
    clearTimeout(timer)
  }
}

function ignoreLateness(error: unknown): void {
  if (!(error instanceof DatabaseUnavailable)) throw error
}
