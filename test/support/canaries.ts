import { QueryTypes } from 'sequelize'
import type { Database } from '../../server/infra/database.ts'

interface Column {
  table: string
  name: string
  type: string
  filled: boolean
  check: string | null
}

/** Columns of every table that is no partition, with the check that a value must pass. */
const COLUMNS = `
  SELECT c.relname AS "table", a.attname AS name, format_type(a.atttypid, NULL) AS type,
    a.attidentity <> '' OR a.attgenerated <> '' OR NOT a.attnotnull OR a.atthasdef AS filled,
    (SELECT string_agg(pg_get_constraintdef(k.oid), ' ') FROM pg_constraint k
      WHERE k.conrelid = c.oid AND k.contype = 'c' AND a.attnum = ANY (k.conkey)) AS check
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
  WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace
    AND a.attnum > 0 AND NOT a.attisdropped
  ORDER BY 1, a.attnum`

/** How a value of a type is made that holds a canary; types that can hold none have no entry. */
const CANARY_OF: Record<string, (canary: string) => string> = {
  text: (canary) => canary,
  bytea: (canary) => `convert_to(${canary}, 'UTF8')`,
  jsonb: (canary) => `jsonb_build_object('canary', ${canary})`,
  'text[]': (canary) => `ARRAY[${canary}]`,
}

/** Any value of a type, for columns that must have one. */
const ANY_OF: Record<string, string> = {
  uuid: 'gen_random_uuid()',
  integer: '1',
  smallint: '1',
  bigint: '1',
  numeric: '1',
  boolean: 'true',
  date: 'current_date',
  'timestamp with time zone': 'now()',
  tsvector: `''::tsvector`,
}

/**
 * Puts a canary into every column of every row that can hold one, and a row into every table that has none. Spared are
 * the columns `table.column`; where such a one holds an object, a canary is put beside what is there, but not where
 * `table.column.*` is spared. Gives the columns that hold one now.
 */
export async function releaseCanaries(database: Database, spared: readonly string[]): Promise<string[]> {
  const { sequelize } = database
  const columns = await sequelize.query<Column>(COLUMNS, { type: QueryTypes.SELECT })
  const holding: string[] = []
  await sequelize.transaction(async (transaction) => {
    const run = (sql: string) => sequelize.query(sql, { transaction })
    await run('SET LOCAL session_replication_role = replica')
    for (const table of new Set(columns.map((column) => column.table))) {
      const own = columns.filter((column) => column.table === table)
      const needed = own.filter((column) => !column.filled)
      const values = needed.map((column) => literalOf(column) ?? ANY_OF[column.type] ?? canaryIn(column))
      const names = needed.map(({ name }) => `"${name}"`).join(', ')
      if (names !== '')
        await run(
          `INSERT INTO "${table}" (${names}) SELECT ${values.join(', ')} WHERE NOT EXISTS (SELECT FROM "${table}")`,
        )
      for (const column of own) {
        const place = `${table}.${column.name}`
        const isSpared = spared.includes(place)
        if (!CANARY_OF[column.type] || literalOf(column) || spared.includes(`${place}.*`)) continue
        if (isSpared && column.type !== 'jsonb') continue
        const value = canaryIn(column)
        await run(
          `UPDATE "${table}" SET "${column.name}" = ${isSpared ? `"${column.name}" || ${value}` : value}`,
        )
        holding.push(place)
      }
    }
  })
  return holding
}

/** No two rows hold the same, for unique columns. */
function canaryIn({ table, name, type }: Column): string {
  return CANARY_OF[type]!(`'CANARY ${table}.${name} ' || md5(random()::text)`)
}

/** The first of the values that a check lists. */
function literalOf({ type, check }: Column): string | null {
  return (type === 'text' && /'([^']+)'::text/.exec(check ?? '')?.[0]) || null
}
