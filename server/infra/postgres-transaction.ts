import type { Client } from 'pg'
import type { Sequelize, Transaction } from 'sequelize'
import { isConnectionFault, translateDatabaseError } from './database-fault.ts'

/** What Sequelize keeps with a transaction, and `pg` with a connection, as far as it is touched here. */
type Begun = Transaction & { connection: Client & Limited; forceCleanup: () => Promise<void> }
interface Limited {
  connectionParameters: { query_timeout: number | false }
}

/**
 * Runs `work` in a transaction, which is rolled back when it throws. A connection that broke takes what was begun
 * with it, and is dropped. `patient` lifts the limits on statements. Throws `DatabaseUnavailable`; after a COMMIT
 * whose reply got lost, it may have happened.
 */
export async function runTransaction<T>(
  sequelize: Sequelize,
  work: (transaction: Transaction) => Promise<T>,
  patient: boolean,
): Promise<T> {
  try {
    const transaction = (await sequelize.transaction()) as Begun
    const restore = patient ? await liftLimits(sequelize, transaction) : () => undefined
    try {
      const result = await settle(transaction, work)
      await transaction.commit()
      return result
    } finally {
      restore()
    }
  } catch (error) {
    throw translateDatabaseError(error)
  }
}

async function settle<T>(transaction: Begun, work: (transaction: Transaction) => Promise<T>): Promise<T> {
  try {
    return await work(transaction)
  } catch (error) {
    // ROLLBACK would wait behind a statement that does not end, and says nothing to a connection that is gone.
    if (isConnectionFault(error)) await transaction.forceCleanup()
    else await transaction.rollback().catch(() => undefined)
    throw error
  }
}

async function liftLimits(sequelize: Sequelize, transaction: Begun): Promise<() => void> {
  const { connectionParameters } = transaction.connection
  const usual = connectionParameters.query_timeout
  await settle(transaction, () => sequelize.query('SET LOCAL statement_timeout = 0', { transaction }))
  connectionParameters.query_timeout = false
  return () => {
    connectionParameters.query_timeout = usual
  }
}
