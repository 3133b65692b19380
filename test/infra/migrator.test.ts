import assert from 'node:assert/strict'
import { QueryTypes } from 'sequelize'
import { migrations } from '../../migrations/index.ts'
import type { Database } from '../../server/infra/database.ts'
import { createMigrator } from '../../server/infra/migrator.ts'
import { StartError } from '../../server/infra/start-error.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'

const names = migrations.map(({ name }) => name)

describe('migrations', () => {
  let test: TestDatabase
  let database: Database
  beforeEach(async () => ({ database } = test = await openTestDatabase()))
  afterEach(() => test.close())

  it('are all applied on a database that is ready, and are not applied again', async () => {
    const migrator = createMigrator(database, migrations)
    assert.deepEqual(await migrator.migrate(), [])
    const status = await migrator.status()
    assert.deepEqual(
      status.map(({ name }) => name),
      names,
    )
    assert.ok(status.every(({ applied_at }) => applied_at instanceof Date))
  })

  it('leave the same schema after all were taken back and applied again', async () => {
    const migrator = createMigrator(database, migrations)
    await dropPartitions()
    const before = await describeSchema()
    assert.deepEqual(await migrator.revert(100), names.toReversed())
    assert.deepEqual(
      (await describeSchema()).filter((line) => !line.includes('schema_migrations')),
      [],
    )
    assert.deepEqual(await migrator.migrate(), names)
    assert.deepEqual(await describeSchema(), before)
  })

  it('are taken back one by one, the newest first', async () => {
    const migrator = createMigrator(database, migrations)
    assert.deepEqual(await migrator.revert(2), names.slice(-2).toReversed())
    const open = (await migrator.status()).filter(({ applied_at }) => applied_at === null)
    assert.deepEqual(
      open.map(({ name }) => name),
      names.slice(-2),
    )
    assert.deepEqual(await migrator.migrate(), names.slice(-2))
  })

  it('leave nothing of one that fails half way', async () => {
    const broken = {
      name: '999-broken',
      up: (run: (sql: string) => Promise<void>) => run('CREATE TABLE half (id int); SELECT 1 / 0'),
      down: () => Promise.resolve(),
    }
    const migrator = createMigrator(database, [...migrations, broken])
    await assert.rejects(migrator.migrate(), /division by zero/)
    assert.deepEqual(
      (await describeSchema()).filter((line) => line.includes('half')),
      [],
    )
    assert.equal((await migrator.status()).at(-1)?.applied_at, null)
  })

  it('are refused on a schema that a newer build made', async () => {
    const older = createMigrator(database, migrations.slice(0, -1))
    await assert.rejects(older.migrate(), (error: Error) => {
      assert.ok(error instanceof StartError)
      return error.message.includes(names.at(-1)!) && !error.message.includes('\n')
    })
    await assert.rejects(older.revert(1), StartError)
  })

  async function dropPartitions(): Promise<void> {
    const sql = `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'messages'::regclass`
    for (const { name } of await database.sequelize.query<{ name: string }>(sql, {
      type: QueryTypes.SELECT,
    })) {
      await database.sequelize.query(`DROP TABLE ${name}`)
    }
  }

  /** Every column, index, constraint of the schema, one line each, sorted. */
  async function describeSchema(): Promise<string[]> {
    const sql = `
      SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '') AS line
        FROM information_schema.columns WHERE table_schema = 'public'
      UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
      UNION ALL SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace
      ORDER BY 1`
    const rows = await database.sequelize.query<{ line: string }>(sql, { type: QueryTypes.SELECT })
    return rows.map(({ line }) => line)
  }
})
