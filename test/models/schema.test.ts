import assert from 'node:assert/strict'
import { QueryTypes, type Model, type ModelAttributeColumnOptions, type ModelStatic } from 'sequelize'
import { migrations } from '../../migrations/index.ts'
import { defineModels } from '../../models/index.ts'
import { createMigrator } from '../../server/infra/migrator.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'

interface Column {
  name: string
  type: string
  nullable: boolean
  has_default: boolean
  in_key: boolean
}

const COLUMNS = `
  SELECT attribute.attname AS name,
    format_type(attribute.atttypid, attribute.atttypmod) AS type,
    NOT attribute.attnotnull AS nullable,
    attribute.atthasdef OR attribute.attidentity <> '' AS has_default,
    coalesce(attribute.attnum = ANY (key.conkey), false) AS in_key
  FROM pg_attribute attribute
  LEFT JOIN pg_constraint key ON key.conrelid = attribute.attrelid AND key.contype = 'p'
  WHERE attribute.attrelid = $1::regclass AND attribute.attnum > 0 AND NOT attribute.attisdropped
  ORDER BY name`

const TABLES = `
  SELECT relname AS name FROM pg_class
  WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
    AND relname <> 'schema_migrations'
  ORDER BY name`

describe('models and migrations', () => {
  let test: TestDatabase
  before(async () => {
    test = await openTestDatabase()
  })
  after(() => test.close())

  function select<Row extends object>(sql: string, bind: unknown[] = []): Promise<Row[]> {
    return test.database.sequelize.query<Row>(sql, { type: QueryTypes.SELECT, bind })
  }

  it('know the same tables', async () => {
    const tables = await select<{ name: string }>(TABLES)
    const models = Object.values(defineModels(test.database.sequelize))
    assert.deepEqual(
      models.map((model) => model.getTableName()).sort(),
      tables.map((table) => table.name),
    )
    assert.ok(tables.length >= 24)
  })

  it('know the same columns, with the same types, keys, and values that may be missing', async () => {
    for (const model of Object.values(defineModels(test.database.sequelize))) {
      const table = model.getTableName() as string
      const columns = await select<Column>(COLUMNS, [table])
      const attributes = Object.entries(attributesOf(model)).sort(([a], [b]) => (a < b ? -1 : 1))
      assert.deepEqual(
        attributes.map(([name, attribute]) => describeAttribute(name, attribute)),
        columns.map(({ name, type, nullable, in_key }) => {
          // Written at its model: a Date cannot hold the microseconds of this part of the key.
          const partitionKey = table === 'messages' && name === 'timestamp'
          return { name, type, nullable, in_key: in_key && !partitionKey }
        }),
        `columns of ${table}`,
      )
      for (const column of columns.filter(({ has_default, nullable }) => has_default && !nullable)) {
        const attribute = attributesOf(model)[column.name]!
        const filled =
          attribute.defaultValue !== undefined || attribute.autoIncrement || isStamp(model, column.name)
        assert.ok(filled, `${table}.${column.name} has a default in the database and none in its model`)
      }
    }
  })

  it('give up every table and make them again', async () => {
    const again = await openTestDatabase()
    try {
      const migrator = createMigrator(again.database, migrations)
      const names = migrations.map(({ name }) => name)
      const tables = () =>
        again.database.sequelize.query<{ name: string }>(TABLES, { type: QueryTypes.SELECT })
      const before = await tables()
      assert.deepEqual(await migrator.revert(names.length), names.toReversed())
      assert.deepEqual(await tables(), [])
      assert.deepEqual(await migrator.migrate(), names)
      assert.deepEqual(await tables(), before)
    } finally {
      await again.close()
    }
  })
})

function attributesOf(model: ModelStatic<Model>): Readonly<Record<string, ModelAttributeColumnOptions>> {
  return model.getAttributes()
}

function describeAttribute(
  name: string,
  attribute: ModelAttributeColumnOptions,
): Omit<Column, 'has_default'> {
  const stamp = name === 'created_at' || name === 'updated_at'
  return {
    name,
    type: typeName(attribute),
    nullable: attribute.primaryKey ? false : attribute.allowNull === undefined ? !stamp : attribute.allowNull,
    in_key: attribute.primaryKey === true,
  }
}

function typeName(attribute: ModelAttributeColumnOptions): string {
  const sql = (attribute.type as unknown as { toSql(): string }).toSql()
  return sql.toLowerCase().replace('decimal', 'numeric')
}

function isStamp(model: { options: { timestamps?: boolean } }, name: string): boolean {
  return model.options.timestamps === true && (name === 'created_at' || name === 'updated_at')
}
