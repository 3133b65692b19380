import { QueryTypes } from 'sequelize'
import { codeOf, rootOf } from '../infra/database-fault.ts'
import type { Database } from '../infra/database.ts'
import { sleep } from '../infra/abortable.ts'

/** Runs one statement of a transaction; the rows of a SELECT, or of what RETURNING gives inside a CTE. */
export type RunWithin = <Row extends object>(sql: string, bind?: readonly unknown[]) => Promise<Row[]>

/** How often something is tried that met others' locks, and how long is waited in between, in ms. */
const TRIES = 40
const WAIT_MS = 50
const LONGEST_WAIT_MS = 1_000

/** `lock_not_available`, `deadlock_detected`, `foreign_key_violation`: somebody was faster, and will be done soon. */
const MET_OTHERS = ['55P03', '40P01', '23503']

/**
 * One transaction without a limit on its time. Where it meets others' locks it is rolled back and done again from the
 * beginning, later each time; rejects when that does not help, and with the signal's reason.
 */
export async function inTransaction<T>(
  { database, signal }: { database: Pick<Database, 'sequelize' | 'transaction'>; signal: AbortSignal },
  work: (run: RunWithin) => Promise<T>,
): Promise<T> {
  for (let tried = 1; ; tried++) {
    signal.throwIfAborted()
    try {
      return await database.transaction(
        async (transaction) => {
          const run: RunWithin = <Row extends object>(sql: string, bind?: readonly unknown[]) =>
            database.sequelize.query<Row>(sql, {
              ...{ transaction, type: QueryTypes.SELECT },
              ...(bind && { bind: [...bind] }),
            })
          // Compiling these statements takes several times as long as running them.
          await run('SET LOCAL jit = off')
          return work(run)
        },
        { patient: true },
      )
    } catch (error) {
      if (tried === TRIES || !MET_OTHERS.includes(codeOf(rootOf(error)))) throw error
      await sleep(Math.min(WAIT_MS * 2 ** tried, LONGEST_WAIT_MS), signal)
    }
  }
}
