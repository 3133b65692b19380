import type { Client } from 'pg'
import { Sequelize, type Options, type Transaction } from 'sequelize'
import { isConnectionFault, translateDatabaseError } from './database-fault.ts'
import type { Database, Statement } from './database.ts'
import { tlsOptions } from './postgres-tls.ts'
import type { PostgresAddress } from './postgres-url.ts'

/** How long things may take, in milliseconds. `answer` is the client's own limit, for a network that went silent. */
const LIMITS = {
  connect: 5_000,
  acquire: 10_000,
  statement: 15_000,
  answer: 20_000,
  idleInTransaction: 15_000,
}
const IDLE_CONNECTION_MS = 30_000
const PING_MS = 3_000
const CLOSE_MS = 5_000

const PING: Statement = { name: 'infra/ping', text: 'SELECT 1' }

export interface PostgresSettings {
  address: PostgresAddress
  /** Connections at most. One that `keepsOpen` is made once and never idles out. */
  pool: number
  keepsOpen: boolean
  exclusive: boolean
}

/**
 * A `Database` on one Postgres. Connects when first used. Values come as `pg` gives them: `timestamptz` a Date,
 * `int8` and `numeric` strings (a number could not hold them), `date` a string.
 */
export function createPostgres({ address, pool, keepsOpen, exclusive }: PostgresSettings): Database {
  const sequelize = createSequelize(address, pool, keepsOpen)

  async function run<Row extends object>(
    statement: Statement,
    values: readonly unknown[],
    limit = LIMITS.answer,
  ) {
    try {
      const connections = sequelize.connectionManager
      const client = (await connections.getConnection({ type: 'write' })) as Client
      let broken = false
      try {
        const query = { ...statement, values: [...values], query_timeout: limit }
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
    exclusive,
    run: (statement, values) => run(statement, values),
    transaction: (work) => transaction(sequelize, work),
    ping: async () => {
      await run(PING, [], PING_MS)
    },
    close: () => closePool(sequelize),
  }
}

function createSequelize(address: PostgresAddress, pool: number, keepsOpen: boolean): Sequelize {
  const { tls, ...place } = address
  const options: Options & { databaseVersion: string } = {
    ...place,
    dialect: 'postgres',
    // Told, so that Sequelize does not open a connection of its own to ask.
    databaseVersion: '14.0.0',
    logging: false,
    pool: {
      max: pool,
      min: keepsOpen ? pool : 0,
      acquire: LIMITS.acquire,
      idle: IDLE_CONNECTION_MS,
      evict: IDLE_CONNECTION_MS / 2,
    },
    dialectOptions: {
      application_name: 'parlor',
      keepAlive: true,
      connectionTimeoutMillis: LIMITS.connect,
      statement_timeout: LIMITS.statement,
      idle_in_transaction_session_timeout: LIMITS.idleInTransaction,
      ...(tls === false ? {} : { ssl: tlsOptions(tls) }),
    },
  }
  return new Sequelize(options)
}

async function transaction<T>(
  sequelize: Sequelize,
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  try {
    return await sequelize.transaction(work)
  } catch (error) {
    throw translateDatabaseError(error)
  }
}

/** Waits for what is under way, but not for ever: a statement that hangs must not keep the process alive. */
async function closePool(sequelize: Sequelize): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, CLOSE_MS)))
  try {
    await Promise.race([sequelize.close(), limit])
  } finally {
    clearTimeout(timer)
  }
}
