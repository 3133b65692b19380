import { QueryTypes, type Transaction } from 'sequelize'
import type { Migration } from '../../migrations/index.ts'
import { isMadeMeanwhile } from './database-fault.ts'
import type { Database } from './database.ts'
import { StartError } from './start-error.ts'

/** One line of the schema's history. */
export interface MigrationStatus {
  name: string
  applied_at: Date | null
}

export interface Migrator {
  /** Applies what is missing, in order; returns the names. Throws `StartError` when the schema is newer than we. */
  migrate(): Promise<string[]>
  /** Takes back the last `steps` migrations, newest first; returns the names. */
  revert(steps: number): Promise<string[]>
  /** Every migration known here or there. Changes nothing. */
  status(): Promise<MigrationStatus[]>
}

/** One migration's turn; null: nothing is left to do. */
type Step = (transaction: Transaction, applied: readonly string[]) => Promise<string | null>

/**
 * Brings the schema to where this build needs it. Every migration is one transaction that holds the lock of
 * `schema_migrations`, so any number of nodes may start at once: each finds done what another did.
 */
export function createMigrator(database: Database, migrations: readonly Migration[]): Migrator {
  const names = migrations.map(({ name }) => name)

  const up: Step = async (transaction, applied) => {
    refuseNewerSchema(applied, names)
    const migration = migrations.find(({ name }) => !applied.includes(name))
    if (migration === undefined) return null
    await migration.up((sql) => execute(database, sql, transaction))
    await note(database, 'INSERT INTO schema_migrations (name) VALUES ($1)', migration.name, transaction)
    return migration.name
  }

  const down: Step = async (transaction, applied) => {
    refuseNewerSchema(applied, names)
    const migration = migrations.findLast(({ name }) => applied.includes(name))
    if (migration === undefined) return null
    await migration.down((sql) => execute(database, sql, transaction))
    await note(database, 'DELETE FROM schema_migrations WHERE name = $1', migration.name, transaction)
    return migration.name
  }

  return {
    migrate: () => repeat(database, up, Infinity),
    revert: (steps) => repeat(database, down, steps),
    status: async () => {
      const rows = (await hasTable(database)) ? await readHistory(database) : []
      const at = new Map(rows.map((row) => [row.name, row.applied_at]))
      const known = names.map((name) => ({ name, applied_at: at.get(name) ?? null }))
      return [...known, ...rows.filter(({ name }) => !names.includes(name))]
    },
  }
}

async function repeat(database: Database, step: Step, limit: number): Promise<string[]> {
  await ensureTable(database)
  const done: string[] = []
  while (done.length < limit) {
    // A migration may take longer than a statement of the running server may.
    const name = await database.transaction(
      async (transaction) => {
        await execute(database, 'LOCK TABLE schema_migrations IN EXCLUSIVE MODE', transaction)
        return step(
          transaction,
          (await readHistory(database, transaction)).map((row) => row.name),
        )
      },
      { patient: true },
    )
    if (name === null) break
    done.push(name)
  }
  return done
}

/** Two nodes may find the table missing at once. */
async function ensureTable(database: Database): Promise<void> {
  const sql = `CREATE TABLE IF NOT EXISTS schema_migrations (
    name text PRIMARY KEY,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
  )`
  try {
    await execute(database, sql)
  } catch (error) {
    if (!isMadeMeanwhile(error)) throw error
  }
}

async function hasTable(database: Database): Promise<boolean> {
  const sql = `SELECT to_regclass('schema_migrations') IS NOT NULL AS found`
  const [row] = await database.sequelize.query<{ found: boolean }>(sql, { type: QueryTypes.SELECT })
  return row?.found === true
}

function readHistory(database: Database, transaction: Transaction | null = null): Promise<HistoryRow[]> {
  const sql = 'SELECT name, applied_at FROM schema_migrations ORDER BY name'
  return database.sequelize.query<HistoryRow>(sql, { type: QueryTypes.SELECT, transaction })
}

interface HistoryRow {
  name: string
  applied_at: Date
}

function refuseNewerSchema(applied: readonly string[], names: readonly string[]): void {
  const unknown = applied.filter((name) => !names.includes(name))
  if (unknown.length === 0) return
  const what = `The database was migrated by a newer Parlor (${unknown.join(', ')}), which this one does not know.`
  throw new StartError(what, 'Start the newer version, or revert its migrations with it first.')
}

/** Without bound values Sequelize uses the simple protocol, in which several statements may come at once. */
async function execute(
  database: Database,
  sql: string,
  transaction: Transaction | null = null,
): Promise<void> {
  await database.sequelize.query(sql, { raw: true, transaction })
}

async function note(database: Database, sql: string, name: string, transaction: Transaction): Promise<void> {
  await database.sequelize.query(sql, { bind: [name], raw: true, transaction })
}
